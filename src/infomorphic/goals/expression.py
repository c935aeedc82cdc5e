"""Goal expressions such as `0.33 {F}{C}{L} + {F}{C} - {F}{L} + 0.1 H_res`: reading and writing."""

import re
from collections.abc import Iterable

from infomorphic.errors import GoalError, did_you_mean

RESIDUAL_ENTROPY = "H_res"
"""The term of a goal that is no atom: the residual entropy H(Y | all sources)."""

_EXAMPLE = '"0.33 {F}{C}{L} + {F}{C} - 0.1 H_res"'
_TERM = re.compile(
    r"\s*(?P<sign>[+\-−])?\s*"
    r"(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+\-−]?\d+)?)\s*\*?\s*)?"
    rf"(?P<term>{RESIDUAL_ENTROPY}\b|\{{[^{{}}]*\}}(?:\s*\{{[^{{}}]*\}})*)\s*"
)


def read_terms(text: str) -> list[tuple[str, float]]:
    """The terms of an expression as (label or `H_res`, weight), in the order written; labels are not checked here.

    Raises:
        GoalError: if `text` is no sum of terms.
    """
    if not isinstance(text, str) or not text.strip():
        raise GoalError(f"a goal must be a sum of weighted atoms, such as {_EXAMPLE}; got {text!r}.")
    terms: list[tuple[str, float]] = []
    position = 0
    while position < len(text):
        match = _TERM.match(text, position)
        if match is None or (terms and match["sign"] is None):
            where = text[position:].strip()
            problem = f"cannot read {where!r}" if match is None else f'"+" or "-" is missing before {where!r}'
            word = re.search(r"[A-Za-z_]+", where)
            hint = did_you_mean(word[0], [RESIDUAL_ENTROPY]) if match is None and word else ""
            raise GoalError(f"a goal must be a sum of weighted atoms, such as {_EXAMPLE}; {problem} in {text!r}.{hint}")
        weight = float((match["number"] or "1").replace("−", "-"))
        terms.append((match["term"], weight if match["sign"] in (None, "+") else -weight))
        position = match.end()
    return terms


def write_terms(terms: Iterable[tuple[str, float]]) -> str:
    """The expression of (label, weight) pairs; `read_terms` gives the same numbers back, bit for bit."""
    text = ""
    for label, weight in terms:
        size = abs(weight)
        sign = ("-" if weight < 0 else "") if not text else (" - " if weight < 0 else " + ")
        number = "" if size == 1 else f"{int(size) if size.is_integer() and size < 1e15 else repr(size)} "
        text += f"{sign}{number}{label}"
    return text
