"""`decompose_samples`: plug-in decomposition of observations, computed on the occupied cells only."""

import warnings
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from infomorphic.errors import InfomorphicWarning
from infomorphic.pid.decomposition import Decomposition
from infomorphic.pid.measure import RedundancyMeasure
from infomorphic.pid.measures import resolve_measure
from infomorphic.pid.observations import BinsOfAll, discretize_samples
from infomorphic.pid.pmf import check_probabilities
from infomorphic.pid.provenance import Estimate

# Below this mean number of observations per occupied cell, the first-order bias is not small relative to the estimated
# entropies: with k cells it is about k / (2 N ln 2) bits, so 0.07 bit at ten observations per cell.
ENOUGH_PER_CELL = 10.0


class UndersampledWarning(InfomorphicWarning):
    """There are too few observations per occupied cell, so plug-in estimates are biased."""


def decompose_samples(
    sources: Any,
    target: Any,
    bins: BinsOfAll = None,
    *,
    measure: str | RedundancyMeasure = "sx",
    weights: Any = None,
    missing: Literal["error", "drop"] = "error",
    names: Sequence[str] | None = None,
) -> Decomposition:
    """Decompose the information that discrete or discretized variables carry about a target, in bits, from observations.

    This is the plug-in estimate: probabilities are relative frequencies. Only occupied cells are stored, so time and memory
    grow with the number of observations and not with the product of the alphabets.

    Args:
        sources: shape (observations, n), a DataFrame of n columns, or a list of n columns. An entry of a list may have
            several columns, shape (observations, k), which form one joint source.
        target: shape (observations,), or (observations, k) for a joint target.
        bins: how to discretize real numbers: an integer (that many bins of equal width over the range of the data),
            `EqualWidth`, `EqualMass`, `Edges`, or a sequence with one of these per source and, optionally, one for the target.
            For a joint source, the entry may itself be a sequence. A single choice applies only to variables of real numbers:
            whole numbers, strings and booleans stay categories. In a sequence, `EqualWidth`, `EqualMass` and `Edges` also bin
            whole numbers.
        measure: the measure of redundancy, as for `decompose`.
        weights: a non-negative weight per row. If all weights are whole numbers, they are counts: a row of weight 2500
            represents 2500 observations.
        missing: `"error"` raises if a row has a missing value; `"drop"` leaves such rows out.
        names: names of the sources and, last, of the target in messages, tables, plots and sentences; by default those of the columns. If
            the names of all sources are single letters, labels may use them.

    Returns:
        The decomposition. Its `estimate` records how each variable was discretized and how well the cells are sampled.
        Pointwise values have one entry per row of `estimate.cells`.

    Raises:
        InvalidSamplesError: if there are no observations, lengths differ, values are missing or weights are not valid.
        TooManySourcesError: if there are more than five sources, or none.
        MeasureError: if the measure does not exist or cannot be computed for these observations.
        AntichainError: if there is another number of `names`.

    Warns:
        UndersampledWarning: if there are on average fewer than ten observations per occupied cell.
    """
    by = resolve_measure(measure)  # first, so that an unknown name raises before anything is counted
    observations = discretize_samples(sources, target, bins, weights=weights, missing=missing, names=names)
    if observations.estimate.observations_per_cell < ENOUGH_PER_CELL:
        warnings.warn(_undersampled(observations.estimate), UndersampledWarning, stacklevel=2)
    return observations.decompose(by)


def decompose_outcomes(
    sources: Any,
    target: Any,
    probability: Any,
    bins: BinsOfAll = None,
    *,
    measure: str | RedundancyMeasure = "sx",
    normalize: bool = False,
    names: Sequence[str] | None = None,
) -> Decomposition:
    """Decompose a pmf given as a table with one row per outcome and its probability.

    Probabilities of equal outcomes are added. Nothing is estimated, so there is no warning about sampling.

    Raises:
        InvalidPmfError: if the probabilities are not a pmf (see `decompose`).
        InvalidSamplesError: if a variable is continuous, a value is missing, or there are no rows.
    """
    mass = check_probabilities(np.asarray(probability), normalize=normalize)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndersampledWarning)
        return decompose_samples(sources, target, bins, measure=measure, weights=mass, names=names)


def _undersampled(estimate: Estimate) -> str:
    # If nearly every observation has its own cell, the first-order formula is not valid and may be negative.
    bias = (
        f" (to first order, I(T : all sources) is too large by {estimate.miller_madow_bias:.3f} bit)"
        if estimate.miller_madow_bias > 0
        else ""
    )
    return (
        f"{estimate.observations} observations fall into {len(estimate.cells)} cells, {estimate.observations_per_cell:.1f} per cell: "
        f"too few for an unbiased plug-in estimate{bias}. Use fewer bins or more observations."
    )
