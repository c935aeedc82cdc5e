"""Atoms of all combinations of sources about one target, many tables at a time."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from jaxtyping import Float64, Int32, Int64

from infomorphic.pid import RedundancyMeasure
from infomorphic.pid.from_pmf import decompose_joint
from infomorphic.pid.joint import dense_joint
from infomorphic.statistics.tables import values_of

# A batch of tables has at most this many marginal probabilities, and its rows at most this many cell numbers: 8 MiB, so that
# temporaries stay in the cache.
_MOST_NUMBERS = 2**20


@dataclass(frozen=True, eq=False)
class Coded:
    """A discretized variable at each row."""

    codes: Int64[np.ndarray, " rows"]
    size: int
    """The number of values."""


@dataclass(frozen=True, eq=False)
class Found:
    """The values of some combinations."""

    combinations: list[int]
    """Their positions in the list of combinations."""
    values: Float64[np.ndarray, "combinations orders labels"]
    """Of each combination in each order of the rows."""
    occupied: Int64[np.ndarray, " combinations"]
    """The number of occupied cells in the first order."""


def values_of_combinations(
    variables: Sequence[Coded],
    combinations: Sequence[tuple[int, ...]],
    target: Coded,
    past: Coded | None,
    orders: Int32[np.ndarray, "orders rows"],
    measure: RedundancyMeasure,
) -> Iterator[Found]:
    """Decompose the information of combinations of variables about a target, for several orders of the target's rows.

    All combinations share the orders, and the target moves together with its past. Combinations whose tables have the same
    shape are decomposed together.

    Args:
        variables: the sources.
        combinations: the positions of the sources of each combination.
        target: the target.
        past: the target's own past, the last source of every combination; None for none.
        orders: row numbers, one permutation per line. The first is the order in which the rows were given.
        measure: the measure of redundancy.
    """
    moved = target.codes if past is None else past.codes * target.size + target.codes
    inner = target.size if past is None else past.size * target.size
    moved = moved.astype(np.int32)[orders]
    num_orders, num_rows = orders.shape

    def shape(i: int) -> tuple[int, ...]:
        return tuple(variables[v].size for v in combinations[i])

    for sizes, members in groupby(sorted(range(len(combinations)), key=shape), key=shape):
        full = (*sizes, *(() if past is None else (past.size,)), target.size)
        cells = math.prod(full)
        most = max(1, min(_MOST_NUMBERS // (cells * 2 ** len(full)), _MOST_NUMBERS // num_rows))
        at_once = min(most, num_orders)
        some = list(members)
        for first in range(0, len(some), max(1, most // num_orders)):
            chunk = some[first : first + max(1, most // num_orders)]
            outer = np.stack([np.ravel_multi_index([variables[v].codes for v in combinations[i]], sizes) for i in chunk]) * inner
            parts, occupied = [], np.zeros(len(chunk), dtype=np.int64)
            for begin in range(0, num_orders, at_once):
                counts = _counts(outer, moved[begin : begin + at_once], cells)
                if begin == 0:
                    occupied = np.count_nonzero(counts[:, 0], axis=1)
                joint = dense_joint(counts.reshape(*counts.shape[:2], *full) / num_rows, len(full) - 1)
                parts.append(values_of(decompose_joint(joint, measure)))
            yield Found(chunk, np.concatenate(parts, axis=1), occupied)


def _counts(
    outer: Int64[np.ndarray, "combinations rows"], moved: Int32[np.ndarray, "orders rows"], cells: int
) -> Int64[np.ndarray, "combinations orders cells"]:
    """How often each cell occurs, for every combination and order."""
    tables = len(outer) * len(moved)
    offsets = np.arange(tables).reshape(len(outer), len(moved), 1) * cells
    numbers = outer[:, None, :] + moved[None] + offsets
    return np.bincount(numbers.ravel(), minlength=tables * cells).reshape(len(outer), len(moved), cells)
