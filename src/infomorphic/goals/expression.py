"""Read and write goal expressions such as `0.33 {F}{C}{L} + {F}{C} - {F}{L} + 0.1 H_res`."""

import math
import re
from collections.abc import Iterable

from infomorphic.errors import GoalError, did_you_mean
from infomorphic.quoting import quoted

RESIDUAL_ENTROPY = "H_res"
"""The only term of a goal that is not an atom: the residual entropy H(Y | all sources)."""

_EXAMPLE = '"0.33 {F}{C}{L} + {F}{C} - 0.1 H_res"'
# Possessive, so that a long text that is not a goal is refused in linear time: backtracking would take quadratic time.
_TERM = re.compile(
    r"\s*+(?P<sign>[+\-−])?+\s*+"
    r"(?:(?P<number>(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+\-−]?+[0-9]++)?+)\s*+\*?+\s*+)?+"
    rf"(?P<term>{RESIDUAL_ENTROPY}\b|(?:\{{[^{{}}]*+\}}\s*+)++)\s*+"
)
_LONGEST = 1_000_000
"""Maximum number of characters of an expression. All 7579 atoms of five sources with 17-digit weights take half of that."""


def read_terms(text: str) -> list[tuple[str, float]]:
    """The terms of an expression as (label or `H_res`, weight), in the written order. Labels are not checked.

    Raises:
        GoalError: if `text` is not a sum of terms.
    """
    if not isinstance(text, str) or not text.strip():
        raise GoalError(f"a goal must be a sum of weighted atoms, such as {_EXAMPLE}; got {quoted(text, 120)}.")
    if len(text) > _LONGEST:
        raise GoalError(f"a goal must have at most {_LONGEST} characters; got {len(text)}, beginning with {quoted(text, 40)}.")
    terms: list[tuple[str, float]] = []
    position = 0
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None or (terms and match["sign"] is None):
            where = text[position:].strip()
            problem = f"cannot read {quoted(where)}" if match is None else f'"+" or "-" is missing before {quoted(where)}'
            word = re.search(r"[A-Za-z_]+", where[:100])
            hint = did_you_mean(word[0], [RESIDUAL_ENTROPY]) if match is None and word else ""
            raise GoalError(f"a goal must be a sum of weighted atoms, such as {_EXAMPLE}; {problem} in {quoted(text, 120)}.{hint}")
        terms.append((match["term"].strip(), _weight(match)))
        position = match.end()
    return terms


def _weight(match: re.Match[str]) -> float:
    number = match["number"] or "1"
    weight = float(number.replace("−", "-"))
    if math.isinf(weight) or (weight == 0 and re.search("[1-9]", re.split("[eE]", number)[0])):
        raise GoalError(
            f"the weight of {quoted(match['term'].strip())} must be a finite number; {quoted(number, 40)} is too large or too small."
        )
    return weight if match["sign"] in (None, "+") else -weight


def write_terms(terms: Iterable[tuple[str, float]]) -> str:
    """The expression of (label, weight) pairs. `read_terms` returns the same numbers, bit for bit."""
    text = ""
    for label, weight in terms:
        size = abs(weight)
        sign = ("-" if weight < 0 else "") if not text else (" - " if weight < 0 else " + ")
        number = "" if size == 1 else f"{int(size) if size.is_integer() and size < 1e15 else repr(size)} "
        text += f"{sign}{number}{label}"
    return text
