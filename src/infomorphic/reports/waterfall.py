"""The terms of a goal as steps that add up to it."""

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

UNITS_PER_BIT = 10_000
"""Steps are whole numbers of ten thousandths of a bit, so that they add up exactly on a page."""


def waterfall(contributions: Mapping[str, float], most: int = 7) -> dict[str, Any]:
    """The largest contributions as steps, and the rest in one step.

    Each step is the difference of two rounded running totals. So all steps add up to the rounded goal, and each differs by at most one
    unit from its own value.

    Args:
        contributions: weight · bits by term, in bits.
        most: the number of terms to show on their own, those of largest magnitude; one more if it would be the only one left.

    Returns:
        `terms`, a list of (label, step), the largest first; `others`, the number of terms in the rest, and `rest`, their step; `goal`.
    """
    ordered = sorted(contributions.items(), key=lambda item: -abs(item[1]))
    totals = [round(UNITS_PER_BIT * total) for total in accumulate((bits for _, bits in ordered), initial=0.0)]
    shown = len(ordered) if len(ordered) <= most + 1 else most
    return {
        "terms": [[label, totals[i + 1] - totals[i]] for i, (label, _) in enumerate(ordered[:shown])],
        "others": len(ordered) - shown,
        "rest": totals[-1] - totals[shown],
        "goal": totals[-1],
    }
