"""The meaning of a term of a goal in words."""

from infomorphic.pid import words
from infomorphic.pid.antichains import Antichain

_WORDS = {"F": "feedforward", "C": "context", "L": "lateral"}

RESIDUAL_ENTROPY_MEANING = "the part of the output's entropy that no input explains"


def meaning(antichain: Antichain, sources: str) -> str:
    """One phrase: which inputs provide the information of the atom uniquely, redundantly or in synergy, and which do not.

    Source: arXiv:2412.02482, Table 2.
    """
    return words.meaning(antichain, [_WORDS.get(name, name) for name in sources], "input")
