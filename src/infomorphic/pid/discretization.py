"""Discretize a column: codes 0, 1, …, and the value of each code.

Whole numbers, strings and booleans are categories already. Real numbers need bins, which the user must choose: nothing
is guessed.
"""

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from infomorphic.errors import InvalidSamplesError
from infomorphic.pid.provenance import Binning
from infomorphic.quoting import quoted

_MOST_BINS = 1_000_000
_MOST_SHOWN = 10
# Bins narrower than this share of the largest value are too close to the spacing of floats for arithmetic.
_COARSEST_ROUNDING = 1e-6


@dataclass(frozen=True)
class EqualWidth:
    """`num_bins` bins of equal width over `range`, by default from the smallest to the largest value.

    Values outside a given range go into the outermost bins, as in infomorphic neurons (arXiv:2412.02482, A.6). The record
    of the binning counts them.
    """

    num_bins: int
    range: tuple[float, float] | None = None


@dataclass(frozen=True)
class EqualMass:
    """`num_bins` bins with edges at the quantiles, so that all hold about the same number of observations.

    Equal values share a bin. If ties make edges equal, there are fewer bins.
    """

    num_bins: int


@dataclass(frozen=True)
class Edges:
    """Bins with the given ascending edges: k + 1 edges make k bins. A value on an inner edge goes to the upper bin."""

    edges: tuple[float, ...]


@dataclass(frozen=True)
class Categories:
    """Every distinct value is a category, regardless of its type."""


Bins = int | EqualWidth | EqualMass | Edges | Categories | None
"""How to discretize a variable. An integer k is `EqualWidth(k)` for real numbers and leaves categories as they are."""


class Column(NamedTuple):
    """A discretized variable."""

    codes: Int[np.ndarray, " rows"]
    values: np.ndarray
    """The value of each code: a category, or the center of a bin."""
    binning: Binning


def discretize(column: Any, bins: Bins = None, name: str = "variable") -> Column:
    """Discretize one variable.

    Args:
        column: values of shape (observations,), without missing ones: numbers, strings or booleans.
        bins: how to discretize real numbers; see `Bins`. Real numbers that are all whole count as categories.
        name: name of the variable in messages.

    Raises:
        InvalidSamplesError: if real numbers come without `bins`, or if the bins do not fit them.
    """
    values = np.asarray(column)
    bins = checked_bins(bins, name)
    if values.ndim != 1:
        raise InvalidSamplesError(f"{name} must be one-dimensional; got shape {values.shape}.")
    if values.dtype.kind == "c":
        raise InvalidSamplesError(f"{name} must hold real numbers; got {values.dtype}. Use its real and imaginary parts as two columns.")
    is_real = values.dtype.kind == "f"
    if is_real and not np.isfinite(values).all():
        row = int(np.flatnonzero(~np.isfinite(values))[0])
        raise InvalidSamplesError(f"{name} must be finite; row {row} holds {values[row]}.")
    if isinstance(bins, Categories) or (not is_real and (bins is None or isinstance(bins, int))):
        return _categories(values, name)
    if values.dtype.kind not in "iuf":
        raise InvalidSamplesError(
            f"{name} must be numeric to be binned; got {values.dtype}. Leave out `bins` to use its values as categories."
        )
    if is_real and (bins is None or isinstance(bins, int)) and are_whole(values):
        return _categories(values.astype(np.int64), name)
    if bins is None:
        raise InvalidSamplesError(
            f"{name} is continuous (real numbers, {len(np.unique(values))} distinct values); choose how to discretize it, "
            "for example `bins=20` for 20 bins of equal width."
        )
    return _binned(values.astype(np.float64, copy=False), EqualWidth(bins) if isinstance(bins, int) else bins, name)


def are_whole(values: np.ndarray) -> bool:
    """Whether all numbers are whole and small enough that float64 represents them exactly."""
    return bool((values == np.floor(values)).all() and np.abs(values.astype(np.float64)).max(initial=0) < 2**53)


def checked_bins(bins: Bins, name: str = "a variable") -> Bins:
    """Check the number and the edges of bins, which does not need the values; convert NumPy integers to Python's.

    Raises:
        InvalidSamplesError: if there are fewer than one or more than a million bins, edges do not ascend, or `bins` is not a `Bins`.
    """
    if bins is None or isinstance(bins, Categories):
        return bins
    if isinstance(bins, EqualWidth):
        low, high = bins.range or (0.0, 1.0)
        if not -math.inf < low < high < math.inf:
            raise InvalidSamplesError(f"the range of {name} must be finite and ascending; got ({low:g}, {high:g}).")
    if isinstance(bins, Edges):
        edges = np.asarray(bins.edges, dtype=np.float64)
        if len(edges) < 2 or not (edges[1:] > edges[:-1]).all():
            raise InvalidSamplesError(f"the edges of {name} must be at least two ascending numbers; got {_listed(bins.edges)}.")
        return bins
    try:
        given = bins.num_bins if isinstance(bins, EqualWidth | EqualMass) else bins
        num_bins = operator.index(given)
    except TypeError:
        raise InvalidSamplesError(
            f"the bins of {name} must be a whole number, EqualWidth, EqualMass, Edges or Categories; got {quoted(bins)}."
        ) from None
    if isinstance(given, bool) or not 1 <= num_bins <= _MOST_BINS:
        bound = "at least 1" if num_bins < 1 else f"at most {_MOST_BINS}"
        shown = f"{num_bins:g}" if abs(num_bins) < 2**63 else "a number of more than 64 bits"
        raise InvalidSamplesError(f"the number of bins of {name} must be {bound}; got {shown}.")
    return num_bins if given is bins else bins


def _categories(values: np.ndarray, name: str) -> Column:
    if values.dtype.kind in "iu" and len(values):
        low, high = int(values.min()), int(values.max())
        if high < 2**63:  # everything except the upper half of uint64
            # Differences in narrower types would overflow.
            values = values.astype(np.int64, copy=False)
            if high - low < 2 * len(values) + 1000:  # a table instead of a sort
                codes = values - low
                occupied = np.flatnonzero(np.bincount(codes, minlength=high - low + 1))
                renumber = np.zeros(high - low + 1, dtype=np.int64)
                renumber[occupied] = np.arange(len(occupied))
                return Column(renumber[codes], occupied + low, Binning(name, "categories", len(occupied)))
    if values.dtype.kind == "O" or values.dtype.kind in "US":
        import pandas as pd  # imported here: only text needs pandas' hash table

        try:
            codes, uniques = pd.factorize(values, sort=True)
        except TypeError:  # values of several types have no order
            try:
                codes, uniques = pd.factorize(values)
            except TypeError as error:
                kind = type(values[0]).__name__
                raise InvalidSamplesError(f"{name} must hold numbers, text or other values that can be compared; got {kind}.") from error
        uniques = np.asarray(uniques)
    else:
        uniques, codes = np.unique(values, return_inverse=True)
    return Column(codes.astype(np.int64, copy=False), uniques, Binning(name, "categories", len(uniques)))


def _binned(values: Float[np.ndarray, " rows"], bins: EqualWidth | EqualMass | Edges, name: str) -> Column:
    match bins:
        case EqualWidth(num_bins, value_range):
            low, high = value_range or (float(values.min()), float(values.max()))
            edges = _equal_edges(float(low), float(high), num_bins)
            clipped = int(((values < low) | (values > high)).sum())
            over = f"over ({low:g}, {high:g})" if value_range else f"over the range of the data ({low:g}, {high:g})"
            method = f"{num_bins} bins of equal width {over}"
            if low == high:  # all values equal: one occupied bin, of width zero
                return _column(np.zeros(len(values), dtype=np.int64), edges, method, name)
            return _column(_bin_of_equal_width(values, edges), edges, method, name, clipped)
        case EqualMass(num_bins):
            edges = np.unique(np.quantile(values, np.linspace(0, 1, num_bins + 1)))
            ties = "" if len(edges) == num_bins + 1 else f", {num_bins + 1 - len(edges)} fewer for ties"
            method = f"{num_bins} bins of equal mass{ties}"
        case Edges(given):
            edges = np.asarray(given, dtype=np.float64)
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
    centers = edges[:-1] / 2 + edges[1:] / 2 if len(edges) > 1 else edges
    edge_values = tuple(float(e) for e in edges)
    return Column(codes, centers, Binning(name, method, int(np.count_nonzero(np.bincount(codes))), edge_values, clipped))


def _equal_edges(low: float, high: float, num_bins: int) -> Float[np.ndarray, " edges"]:
    """The edges of bins of equal width. Each is the float nearest to the exact edge, with `low` and `high` read as decimal numbers.

    So the edges of ten bins over (−1, 1) are the floats that one writes as −1, −0.8, −0.6, …, and a value −0.6 lies on an edge.
    """
    first, last = Fraction(repr(low)), Fraction(repr(high))
    denominator = num_bins * math.lcm(first.denominator, last.denominator)
    start, step = int(first * denominator), int((last - first) * denominator) // num_bins
    # Division of Python integers rounds only once.
    return np.array([(start + i * step) / denominator for i in range(num_bins + 1)])


def _bin_of_equal_width(values: Float[np.ndarray, " rows"], edges: Float[np.ndarray, " edges"]) -> Int[np.ndarray, " rows"]:
    """The bin of each value, a value on an inner edge in the upper bin: `searchsorted`, several times as fast.

    The quotient is a first guess. Rounding puts it at most one bin aside, which a comparison with the edges corrects.
    """
    low, high, num_bins = float(edges[0]), float(edges[-1]), len(edges) - 1
    width = high - low
    if not max(1e-300, _COARSEST_ROUNDING * num_bins * max(abs(low), abs(high))) < width < math.inf:
        return np.searchsorted(edges[1:-1], values, side="right")
    guess = ((np.clip(values, low, high) - low) * (1 / width) * num_bins).astype(np.int64)
    np.clip(guess, 0, num_bins - 1, out=guess)
    guess -= values < edges[guess]
    np.maximum(guess, 0, out=guess)
    guess += values >= edges[guess + 1]
    return np.minimum(guess, num_bins - 1, out=guess)


def _listed(values: Sequence[float]) -> str:
    shown = ", ".join(f"{v:g}" for v in values[:_MOST_SHOWN])
    return f"({shown}, …)" if len(values) > _MOST_SHOWN else f"({shown})"
