"""Goals with some weights changed, and results grouped by term."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from infomorphic.errors import StudyError
from infomorphic.goals import RESIDUAL_ENTROPY, Goal

if TYPE_CHECKING:
    import pandas as pd

NONE = "none"
"""Stands for no term: the unchanged goal."""


def terms_of(goal: Goal) -> dict[str, float]:
    """Every term with a nonzero weight, and its weight."""
    weights = {**goal.weights, RESIDUAL_ENTROPY: goal.residual_entropy}
    return {term: weight for term, weight in weights.items() if weight}


def with_weights(goal: Goal, changed: dict[str, float]) -> str:
    """The expression of the goal with other weights for some terms."""
    weights = {**goal.weights, RESIDUAL_ENTROPY: goal.residual_entropy}
    return str(Goal.from_weights({**weights, **changed}, sources=goal.sources))


def without(goal: Goal, terms: Iterable[str]) -> str:
    """The expression of the goal with these terms set to zero."""
    return with_weights(goal, dict.fromkeys(terms, 0.0))


def check_terms(goal: Goal, terms: Iterable[str]) -> None:
    """Raise `StudyError` if one of `terms` is not a term of the goal."""
    known = terms_of(goal)
    for term in terms:
        if term not in known:
            raise StudyError(f"the goal has no term {term!r} of nonzero weight; it has {', '.join(known)}.")


def runs_by(table: "pd.DataFrame", column: str, metric: str) -> dict[str, list[float]]:
    """The values of a metric over seeds for each value of a column, in the order of the table."""
    return {str(name): group[metric].tolist() for name, group in table.groupby(column, sort=False)}
