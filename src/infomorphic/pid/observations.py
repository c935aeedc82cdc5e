"""Observations after discretization: one code per variable and row. Statistics of samples start from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Float, Float64, Int

from infomorphic.errors import InvalidSamplesError
from infomorphic.pid.antichains import check_num_sources
from infomorphic.pid.decomposition import Decomposition
from infomorphic.pid.discretization import Bins, Categories, Column, are_whole, checked_bins, discretize
from infomorphic.pid.from_pmf import decompose_joint
from infomorphic.pid.joint import occupied_joint
from infomorphic.pid.marginals import join_codes
from infomorphic.pid.measure import RedundancyMeasure
from infomorphic.pid.measures import resolve_measure
from infomorphic.pid.names import names_of
from infomorphic.pid.provenance import Binning, Estimate
from infomorphic.pid.variables import named_variables, settled, usable_rows

BinsOfAll = Bins | Sequence[Bins | Sequence[Bins]]


@dataclass(frozen=True, eq=False)
class Observations:
    """Discretized observations of sources and a target."""

    names: tuple[str, ...]
    """The names of the sources and, last, of the target."""
    columns: tuple[Column, ...]
    """The codes of each variable, one per row, the value of each code, and how the variable was discretized."""
    kept: Bool[np.ndarray, " given"]
    """Which of the given rows are used."""
    weights: Float64[np.ndarray, " rows"] | None = None
    """The weight of each row that is used; None if all weigh the same."""

    @property
    def num_sources(self) -> int:
        """The number of sources."""
        return len(self.columns) - 1

    @property
    def codes(self) -> tuple[Int[np.ndarray, " rows"], ...]:
        """The codes of the sources and, last, of the target."""
        return tuple(c.codes for c in self.columns)

    @property
    def num_observations(self) -> int:
        """The number of observations that the rows represent: weights that are all whole numbers are counts."""
        return int(self.weights.sum()) if self.weights is not None and are_whole(self.weights) else len(self.columns[0].codes)

    @cached_property
    def occupied(self) -> tuple[Int[np.ndarray, "cells variables"], Float[np.ndarray, " cells"]]:
        """The occupied cells in lexicographic order, and their relative frequencies."""
        return occupied_cells(self.codes, self.weights)

    @cached_property
    def estimate(self) -> Estimate:
        """How the variables were discretized and how well the cells are sampled."""
        cells, _ = self.occupied
        return Estimate(
            observations=self.num_observations,
            cells=cells,
            values=tuple(c.values for c in self.columns),
            binning=tuple(c.binning for c in self.columns),
            num_dropped=int((~self.kept).sum()),
            miller_madow_bias=miller_madow_bias(cells, self.num_observations),
        )

    def decompose(self, measure: str | RedundancyMeasure = "sx") -> Decomposition:
        """The plug-in decomposition of these observations, without a warning about few observations.

        Raises:
            MeasureError: if the measure does not exist or cannot be computed for these observations.
        """
        joint = occupied_joint(*self.occupied)
        return decompose_joint(joint, resolve_measure(measure), estimate=self.estimate, names=names_of(self.names, self.num_sources))


def discretize_samples(
    sources: Any,
    target: Any,
    bins: BinsOfAll = None,
    *,
    weights: Any = None,
    missing: Literal["error", "drop"] = "error",
    names: Sequence[str] | None = None,
) -> Observations:
    """Discretize observations of sources and a target. The arguments are those of `decompose_samples`.

    Raises:
        InvalidSamplesError: if there are no observations, lengths differ, values are missing or weights are not valid.
        TooManySourcesError: if there are more than five sources, or none.
        AntichainError: if there is another number of `names`.
    """
    found_names, variables = named_variables(sources, target)
    num_sources = len(variables) - 1
    check_num_sources(num_sources)
    named = names_of(names or found_names, num_sources)
    names = [*named.sources, named.target]
    keep, weight_column = usable_rows(names, variables, weights, missing)
    if not keep.all():
        variables = [[column[keep] for column in columns] for columns in variables]
        weight_column = weight_column[keep] if weight_column is not None else None
    variables = [[settled(column) for column in columns] for columns in variables]
    if not len(variables[0][0]):
        raise InvalidSamplesError("there must be at least one observation; got none.")
    if not isinstance(bins, Sequence):
        default = checked_bins(bins)
        specifications = [[default if _takes_bins(c, default) else None for c in parts] for parts in variables]
    else:
        specifications = _bins_of_each(bins, num_sources)
    columns = tuple(
        _joint([discretize(c, b, name) for c, b in zip(parts, _bins_of_parts(spec, parts), strict=True)], name)
        for name, parts, spec in zip(names, variables, specifications, strict=True)
    )
    return Observations(tuple(names), columns, keep, weight_column)


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


def _takes_bins(column: np.ndarray, bins: Bins) -> bool:
    """Whether a single choice of bins applies to this variable: bins apply to real numbers, `Categories` to all."""
    return isinstance(bins, Categories) or (column.dtype.kind == "f" and not (np.isfinite(column).all() and are_whole(column)))


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


def miller_madow_bias(cells: Int[np.ndarray, "cells variables"], observations: int, sources: Sequence[int] | None = None) -> float:
    """The first-order bias of the plug-in I(T : S), in bits: (k_ST − k_S − k_T + 1) / (2 N ln 2), with k the numbers of occupied cells.

    Args:
        cells: the codes of the sources and, last, of the target for each occupied cell.
        observations: N.
        sources: the sources in S, counted from 0; by default all.

    Source: Miller 1955; Panzeri and Treves 1996 (Network 7, 87), eq. 4.
    """
    target = cells[:, -1]
    chosen = [cells[:, i] for i in (range(cells.shape[1] - 1) if sources is None else sources)]
    joint, of_sources, of_target = (len(np.unique(join_codes(columns)[0])) for columns in ([*chosen, target], chosen, [target]))
    return (joint - of_sources - of_target + 1) / (2 * observations * float(np.log(2)))
