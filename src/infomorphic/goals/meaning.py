"""The terms of a goal, and what each means in words."""

from typing import NamedTuple

from infomorphic.pid import words
from infomorphic.pid.antichains import Antichain

_WORDS = {"F": "feedforward", "C": "context", "L": "lateral"}
_RESIDUAL_ENTROPY = "the part of the output's entropy that no input explains"


class GoalTerm(NamedTuple):
    """One term of a goal: an atom or the residual entropy, with its weight and its meaning in words.

    Source of the meanings: arXiv:2412.02482, Table 2.
    """

    label: str
    """The atom, such as `{F}{C}`, or `H_res`."""
    weight: float
    phrase: str
    """The term as a part of a sentence: which inputs provide the information uniquely, redundantly or in synergy, and which do not."""
    meaning: str
    """The phrase and, after a colon, what "unique" or "synergy" means."""


def atom_term(label: str, weight: float, antichain: Antichain, sources: str) -> GoalTerm:
    """The term of an atom of `sources`."""
    names = [_WORDS.get(name, name) for name in sources]
    return GoalTerm(label, weight, words.phrase(antichain, names, "input"), words.meaning(antichain, names, "input"))


def residual_entropy_term(label: str, weight: float) -> GoalTerm:
    """The term of the residual entropy."""
    return GoalTerm(label, weight, _RESIDUAL_ENTROPY, _RESIDUAL_ENTROPY)
