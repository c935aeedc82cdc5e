"""`decompose_samples`: plug-in decomposition of observations, computed on the occupied cells only."""

import numbers
import warnings
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Float, Float64, Int

from infomorphic.errors import InfomorphicWarning, InvalidSamplesError
from infomorphic.pid.antichains import check_num_sources
from infomorphic.pid.decomposition import Decomposition
from infomorphic.pid.discretization import Bins, Categories, Column, are_whole, checked_bins, discretize
from infomorphic.pid.from_pmf import decompose_joint
from infomorphic.pid.joint import occupied_joint
from infomorphic.pid.marginals import join_codes
from infomorphic.pid.measure import RedundancyMeasure
from infomorphic.pid.measures import resolve_measure
from infomorphic.pid.pmf import check_probabilities
from infomorphic.pid.provenance import Binning, Estimate

# Below this mean number of observations per occupied cell, the first-order bias is not small relative to the estimated
# entropies: with k cells it is about k / (2 N ln 2) bits, so 0.07 bit at ten observations per cell.
_ENOUGH_PER_CELL = 10.0


BinsOfAll = Bins | Sequence[Bins | Sequence[Bins]]


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
        names: names of the sources and, last, of the target in messages and in the record. If the names of all sources
            are single letters, labels may use them.

    Returns:
        The decomposition. Its `estimate` records how each variable was discretized and how well the cells are sampled.
        Pointwise values have one entry per row of `estimate.cells`.

    Raises:
        InvalidSamplesError: if there are no observations, lengths differ, values are missing or weights are not valid.
        TooManySourcesError: if there are more than five sources, or none.
        MeasureError: if the measure does not exist or cannot be computed for these observations.

    Warns:
        UndersampledWarning: if there are on average fewer than ten observations per occupied cell.
    """
    by = resolve_measure(measure)  # first, so that an unknown name raises before anything is counted
    found_names, variables = _variables(sources, target)
    names = list(names or found_names)
    num_sources = len(variables) - 1
    check_num_sources(num_sources)
    keep, weight_column = _usable_rows(names, variables, weights, missing)
    num_dropped = int((~keep).sum())
    variables = [[_settled(column[keep] if num_dropped else column) for column in columns] for columns in variables]
    if num_dropped:
        weight_column = weight_column[keep] if weight_column is not None else None
    if not len(variables[0][0]):
        raise InvalidSamplesError("there must be at least one observation; got none.")
    if not isinstance(bins, Sequence):
        default = checked_bins(bins)
        specifications = [[default if _takes_bins(c, default) else None for c in parts] for parts in variables]
    else:
        specifications = _bins_of_each(bins, num_sources)
    columns = [
        _joint([discretize(c, b, name) for c, b in zip(parts, _bins_of_parts(spec, parts), strict=True)], name)
        for name, parts, spec in zip(names, variables, specifications, strict=True)
    ]
    cells, mass = occupied_cells([c.codes for c in columns], weight_column)
    observations = _num_observations(len(columns[0].codes), weight_column)
    estimate = Estimate(
        observations=observations,
        cells=cells,
        values=tuple(c.values for c in columns),
        binning=tuple(c.binning for c in columns),
        num_dropped=num_dropped,
        miller_madow_bias=_miller_madow_bias(cells, observations),
    )
    if estimate.observations_per_cell < _ENOUGH_PER_CELL:
        warnings.warn(_undersampled(estimate), UndersampledWarning, stacklevel=2)
    return decompose_joint(occupied_joint(cells, mass), by, estimate=estimate, letters=_letters(names[:-1]))


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


def occupied_cells(
    codes: Sequence[Int[np.ndarray, " rows"]], weights: Float64[np.ndarray, " rows"] | None = None
) -> tuple[Int[np.ndarray, "cells variables"], Float[np.ndarray, " cells"]]:
    """The distinct rows of several columns of codes in lexicographic order, and their relative frequencies."""
    joint, size = join_codes(codes)
    counts = np.bincount(joint, weights=weights, minlength=size)
    present = np.bincount(joint, minlength=size) if weights is not None else counts
    occupied = np.flatnonzero(present)
    # All rows of a cell have the same codes; the assignment keeps the last row.
    row_of = np.zeros(size, dtype=np.int64)
    row_of[joint] = np.arange(len(joint))
    cells = np.stack([c[row_of[occupied]] for c in codes], axis=1)
    mass = counts[occupied].astype(np.float64)
    return cells, mass / mass.sum()


def _letters(names: Sequence[str]) -> str | None:
    """The names of the sources as one string if they are distinct single letters, else None."""
    joined = "".join(names)
    return joined if joined.isalpha() and len(joined) == len(names) == len(set(joined)) and all(names) else None


def _variables(sources: Any, target: Any) -> tuple[list[str], list[list[np.ndarray]]]:
    """Names and columns of the sources and, last, of the target."""
    if hasattr(sources, "columns"):  # a DataFrame
        names = [str(c) for c in sources.columns]
        variables = [[_plain(column)] for column in _columns_of_frame(sources)]
    elif isinstance(sources, list | tuple):
        variables = [_columns(s, f"source {i}") for i, s in enumerate(sources, 1)]
        names = [f"source {i}" for i in range(1, len(variables) + 1)]
    else:
        array = _plain(sources)
        if array.ndim != 2:
            raise InvalidSamplesError(
                f"`sources` must have shape (observations, n); got {array.shape}. Use sources[:, None] for a single source."
            )
        variables = [[array[:, i]] for i in range(array.shape[1])]
        names = [f"source {i}" for i in range(1, len(variables) + 1)]
    name = getattr(target, "name", None)
    names.append(str(name) if isinstance(name, str) else "target")
    variables.append(_columns(target, "target"))
    lengths = {len(c) for columns in variables for c in columns}
    if len(lengths) > 1:
        shown = ", ".join(f"{n}: {len(v[0])}" for n, v in zip(names, variables, strict=True))
        raise InvalidSamplesError(f"sources and target must have the same number of observations; got {shown}.")
    return names, variables


def _columns_of_frame(frame: Any) -> list[Any]:
    """The columns of a DataFrame of any library. In pandas, several columns may have the same name."""
    if hasattr(frame, "iloc"):
        return [frame.iloc[:, i] for i in range(frame.shape[1])]
    return [frame[name] for name in frame.columns]


def _plain(values: Any) -> np.ndarray:
    """Convert anything array-like to a NumPy array with missing values as NaN, NaT, None or pandas' NA."""
    if hasattr(values, "detach"):
        return values.detach().cpu().numpy()
    if isinstance(values, np.ma.MaskedArray):
        # The value under a mask is arbitrary.
        if not np.ma.is_masked(values):
            return values.data
        entries = values.data.astype(object)
        entries[np.ma.getmaskarray(values)] = None
        return entries
    if hasattr(values, "isna") and hasattr(values, "to_numpy"):
        # An object array if NumPy has no such type: whole numbers, booleans or text with missing values.
        own = getattr(values, "dtype", None)
        return values.to_numpy() if isinstance(own, np.dtype) else values.astype(object).to_numpy()
    return np.asarray(values)


def _settled(column: np.ndarray) -> np.ndarray:
    """Convert an object column without missing values to a numeric or boolean array if all its entries are of that type."""
    if column.dtype != object or not len(column):
        return column
    kinds = {type(v) for v in column}
    if all(issubclass(k, bool | np.bool_) for k in kinds):
        return column.astype(bool)
    if any(issubclass(k, bool | np.bool_) or not issubclass(k, numbers.Real | Decimal) for k in kinds):
        return column
    if all(issubclass(k, numbers.Integral) for k in kinds):
        low, high = int(min(column)), int(max(column))
        if low < -(2**63) or high >= 2**64 or (low < 0 and high >= 2**63):
            return column
        return column.astype(np.uint64 if high >= 2**63 else np.int64)
    return column.astype(np.float64)


def _takes_bins(column: np.ndarray, bins: Bins) -> bool:
    """Whether a single choice of bins applies to this variable: bins apply to real numbers, `Categories` to all."""
    return isinstance(bins, Categories) or (column.dtype.kind == "f" and not (np.isfinite(column).all() and are_whole(column)))


def _num_observations(num_rows: int, weights: Float64[np.ndarray, " rows"] | None) -> int:
    """Number of observations that the rows represent: weights that are all whole numbers are counts."""
    return int(weights.sum()) if weights is not None and are_whole(weights) else num_rows


def _columns(values: Any, name: str) -> list[np.ndarray]:
    """The columns of one variable: one, or several for a joint variable."""
    if hasattr(values, "columns"):
        return [_plain(column) for column in _columns_of_frame(values)]
    array = _plain(values)
    if array.ndim == 2 and array.shape[1] > 0:
        return [array[:, i] for i in range(array.shape[1])]
    if array.ndim != 1:
        raise InvalidSamplesError(f"{name} must have shape (observations,) or (observations, k); got {array.shape}.")
    return [array]


def _usable_rows(
    names: Sequence[str], variables: Sequence[Sequence[np.ndarray]], weights: Any, missing: str
) -> tuple[Bool[np.ndarray, " rows"], Float64[np.ndarray, " rows"] | None]:
    """Which rows to use, and the weights."""
    num_rows = len(variables[0][0])
    keep = np.ones(num_rows, dtype=bool)
    for columns in variables:
        for column in columns:
            keep &= ~_is_missing(column)
    weight_column = None
    if weights is not None:
        weight_column = np.asarray(_plain(weights), dtype=np.float64)
        if weight_column.shape != (num_rows,):
            raise InvalidSamplesError(f"`weights` must have shape ({num_rows},); got {weight_column.shape}.")
        if missing == "drop":
            without = np.isnan(weight_column)
            keep &= ~without
            weight_column = np.where(without, 0.0, weight_column)
        if not np.isfinite(weight_column).all() or (weight_column < 0).any() or not weight_column.sum() > 0:
            raise InvalidSamplesError(
                "`weights` must be finite and not negative, and some must be positive. Leave out rows without a weight with `missing='drop'`."
            )
        # A row of weight zero was never observed, so it must not count as an occupied cell.
        keep &= weight_column > 0
    if missing not in ("error", "drop"):
        raise InvalidSamplesError(f'`missing` must be "error" or "drop"; got {missing!r}.')
    absent = [(name, _is_missing(column)) for name, columns in zip(names, variables, strict=True) for column in columns]
    rows = np.flatnonzero(np.any([m for _, m in absent], axis=0))
    if missing == "error" and len(rows):
        shown = ", ".join(str(r) for r in rows[:5]) + (", …" if len(rows) > 5 else "")
        where = ", ".join(dict.fromkeys(name for name, m in absent if m.any()))
        raise InvalidSamplesError(
            f"{len(rows)} rows have missing values, in {where}: rows {shown} (counted from 0). Leave these rows out with `missing='drop'`."
        )
    return keep, weight_column


def _is_missing(column: np.ndarray) -> Bool[np.ndarray, " rows"]:
    if column.dtype.kind == "f":
        return np.isnan(column)
    if column.dtype.kind in "mM":
        return np.isnat(column)
    if column.dtype.kind == "O":
        import pandas as pd

        return np.asarray(pd.isna(column))
    return np.zeros(len(column), dtype=bool)


def _bins_of_parts(bins: Bins | Sequence[Bins], parts: Sequence[np.ndarray]) -> Sequence[Bins]:
    return bins if isinstance(bins, Sequence) else [bins] * len(parts)


def _bins_of_each(bins: BinsOfAll, num_sources: int) -> list[Bins | Sequence[Bins]]:
    if not isinstance(bins, Sequence):
        return [bins] * (num_sources + 1)
    if len(bins) == num_sources:
        return [*bins, None]
    if len(bins) != num_sources + 1:
        raise InvalidSamplesError(
            f"`bins` must have one entry per source ({num_sources}) and optionally one more for the target; got {len(bins)}."
        )
    return list(bins)


def _joint(columns: Sequence[Column], name: str) -> Column:
    """Join several columns into one variable. Its values are tuples."""
    if len(columns) == 1:
        return columns[0]
    cells, _ = occupied_cells([c.codes for c in columns])
    joint, size = join_codes([c.codes for c in columns])
    codes_of_cells = np.unique(joint)
    renumber = np.zeros(size, dtype=np.int64)
    renumber[codes_of_cells] = np.arange(len(codes_of_cells))
    values = np.empty(len(cells), dtype=object)
    values[:] = [tuple(c.values[i] for c, i in zip(columns, cell, strict=True)) for cell in cells]
    method = f"joint value of {len(columns)} columns (" + "; ".join(c.binning.method for c in columns) + ")"
    return Column(renumber[joint], values, Binning(name, method, len(cells)))


def _miller_madow_bias(cells: Int[np.ndarray, "cells variables"], observations: int) -> float:
    """(k_ST − k_S − k_T + 1) / (2 N ln 2), with k the numbers of occupied cells.

    Source: Miller 1955; Panzeri and Treves 1996, eq. 4.
    """
    occupied_sources = len(np.unique(join_codes([cells[:, i] for i in range(cells.shape[1] - 1)])[0]))
    occupied_targets = len(np.unique(cells[:, -1]))
    return (len(cells) - occupied_sources - occupied_targets + 1) / (2 * observations * float(np.log(2)))


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
