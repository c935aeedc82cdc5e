"""From a column of values to a column of codes 0, 1, …, and back to what each code stands for.

Whole numbers, strings and booleans are categories already. Real numbers need bins, and how to choose them is the
user's decision: nothing is guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from infomorphic.errors import InvalidSamplesError
from infomorphic.pid.provenance import Binning


@dataclass(frozen=True)
class EqualWidth:
    """`num_bins` bins of equal width, over `range` or, without one, from the smallest to the largest value.

    Values outside a given range are counted in the outermost bins, as infomorphic neurons do (arXiv:2412.02482, A.6),
    and the record of the binning says how many there were.
    """

    num_bins: int
    range: tuple[float, float] | None = None


@dataclass(frozen=True)
class EqualMass:
    """`num_bins` bins with edges at the quantiles, so that each holds about as many observations.

    Equal values share a bin; where ties make two edges equal there are fewer bins.
    """

    num_bins: int


@dataclass(frozen=True)
class Edges:
    """Bins with the given ascending edges: k + 1 edges make k bins. A value on an inner edge goes to the upper bin."""

    edges: tuple[float, ...]


@dataclass(frozen=True)
class Categories:
    """Every distinct value is a category, whatever its type."""


Bins = int | EqualWidth | EqualMass | Edges | Categories | None
"""How to discretise a variable. An integer k is `EqualWidth(k)` for real numbers and leaves categories as they are."""


class Column(NamedTuple):
    """A discretised variable."""

    codes: Int[np.ndarray, " rows"]
    values: np.ndarray
    """What each code stands for: a category, or the centre of a bin."""
    binning: Binning


def discretize(column: Any, bins: Bins = None, name: str = "variable") -> Column:
    """The codes of one variable.

    Args:
        column: values of shape (observations,), without missing ones: numbers, strings or booleans.
        bins: how to discretise real numbers; see `Bins`. Real numbers that are all whole count as categories.
        name: how messages call the variable.

    Raises:
        InvalidSamplesError: if real numbers come without `bins`, or if the bins do not fit them.
    """
    values = np.asarray(column)
    if values.ndim != 1:
        raise InvalidSamplesError(f"{name} must be one-dimensional; got shape {values.shape}.")
    is_real = np.issubdtype(values.dtype, np.floating)
    if is_real and not np.isfinite(values).all():
        row = int(np.flatnonzero(~np.isfinite(values))[0])
        raise InvalidSamplesError(f"{name} must be finite; row {row} holds {values[row]}.")
    if isinstance(bins, Categories) or (not is_real and (bins is None or isinstance(bins, int))):
        return _categories(values, name)
    if not np.issubdtype(values.dtype, np.number):
        raise InvalidSamplesError(
            f"{name} must be numeric to be binned; got {values.dtype}. Leave out `bins` to use its values as categories."
        )
    if is_real and (bins is None or isinstance(bins, int)) and (values == np.floor(values)).all() and np.abs(values).max(initial=0) < 2**53:
        return _categories(values.astype(np.int64), name)
    if bins is None:
        raise InvalidSamplesError(
            f"{name} is continuous (real numbers, {len(np.unique(values))} distinct values); say how to discretise it, "
            "for example bins=20 for 20 bins of equal width."
        )
    return _binned(values.astype(np.float64, copy=False), EqualWidth(bins) if isinstance(bins, int) else bins, name)


def _categories(values: np.ndarray, name: str) -> Column:
    if values.dtype.kind in "iu" and len(values):
        low, high = int(values.min()), int(values.max())
        if high - low < 2 * len(values) + 1000:  # a table instead of a sort
            codes = (values - low).astype(np.int64)
            occupied = np.flatnonzero(np.bincount(codes, minlength=high - low + 1))
            renumber = np.zeros(high - low + 1, dtype=np.int64)
            renumber[occupied] = np.arange(len(occupied))
            return Column(renumber[codes], occupied + low, Binning(name, "categories", len(occupied)))
    if values.dtype.kind == "O" or values.dtype.kind in "US":
        import pandas as pd  # only text needs its hash table

        try:
            codes, uniques = pd.factorize(values, sort=True)
        except TypeError:  # values of several types have no order
            codes, uniques = pd.factorize(values)
        uniques = np.asarray(uniques)
    else:
        uniques, codes = np.unique(values, return_inverse=True)
    return Column(codes.astype(np.int64, copy=False), uniques, Binning(name, "categories", len(uniques)))


def _binned(values: Float[np.ndarray, " rows"], bins: EqualWidth | EqualMass | Edges, name: str) -> Column:
    match bins:
        case EqualWidth(num_bins, value_range):
            _check_num_bins(num_bins, name)
            low, high = value_range or (float(values.min()), float(values.max()))
            if not (np.isfinite(low) and np.isfinite(high)) or low > high or (value_range and low == high):
                raise InvalidSamplesError(f"the range of {name} must be finite and ascending; got ({low:g}, {high:g}).")
            # All values equal: one occupied bin, of width zero.
            scaled = (values - low) / (high - low) * num_bins if high > low else np.zeros(len(values))
            codes = np.clip(scaled, 0, num_bins - 1).astype(np.int64)
            edges = np.linspace(low, high, num_bins + 1)
            clipped = int(((values < low) | (values > high)).sum())
            over = f"over ({low:g}, {high:g})" if value_range else f"over the range of the data ({low:g}, {high:g})"
            return _column(codes, edges, f"{num_bins} bins of equal width {over}", name, clipped)
        case EqualMass(num_bins):
            _check_num_bins(num_bins, name)
            edges = np.unique(np.quantile(values, np.linspace(0, 1, num_bins + 1)))
            ties = "" if len(edges) == num_bins + 1 else f", {num_bins + 1 - len(edges)} fewer for ties"
            method = f"{num_bins} bins of equal mass{ties}"
        case Edges(given):
            edges = np.asarray(given, dtype=np.float64)
            if len(edges) < 2 or np.isnan(edges).any() or (np.diff(edges) <= 0).any():
                raise InvalidSamplesError(f"the edges of {name} must be at least two ascending numbers; got {_listed(given)}.")
            outside = int(((values < edges[0]) | (values > edges[-1])).sum())
            if outside:
                raise InvalidSamplesError(
                    f"{outside} observations of {name} lie outside its edges ({edges[0]:g} to {edges[-1]:g}). "
                    "Use -inf and inf as the outermost edges to count them in the outermost bins."
                )
            method = "bins with the given edges"
    codes = np.searchsorted(edges[1:-1], values, side="right")
    return _column(codes, edges, method, name)


def _column(codes: np.ndarray, edges: np.ndarray, method: str, name: str, clipped: int = 0) -> Column:
    centres = (edges[:-1] + edges[1:]) / 2 if len(edges) > 1 else edges
    edge_values = tuple(float(e) for e in edges)
    return Column(codes, centres, Binning(name, method, len(np.unique(codes)), edge_values, clipped))


def _check_num_bins(num_bins: int, name: str) -> None:
    if num_bins < 1:
        raise InvalidSamplesError(f"the number of bins of {name} must be at least 1; got {num_bins}.")


def _listed(values: Sequence[float]) -> str:
    return "(" + ", ".join(f"{v:g}" for v in values) + ")"
