"""A goal as sparse sums for the kernels: the marginals, their unions, and the weights."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from torch import Tensor

from infomorphic.goals import Goal
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.pid.measures.shared_exclusions import union_coefficients

# For tables up to this size, summing along an axis is faster than scattering a few hundred cells into another table.
LARGEST_FOLDED = 2048


class Terms(NamedTuple):
    """The redundancies that a goal needs, each as a sum over marginals. `rows` are the marginals that occur in any of them.

    Row r belongs to the set of sources `subsets[r]` (a bit mask). Larger sets come first, so row 0 is the joint of all
    sources, which is always present. Antichain i has the entries `start[i]:start[i + 1]` of `row` and `sign`:
    P_i = Σ sign · C_row. An antichain of one set has one entry, any other at least three.
    """

    antichains: np.ndarray
    """Position in the lattice of each antichain with a non-zero coefficient."""
    coefficient: np.ndarray
    """The coefficient c of each of these antichains, float64."""
    start: np.ndarray
    row: np.ndarray
    sign: np.ndarray
    subsets: np.ndarray


class Tables(NamedTuple):
    """The layout of the marginal tables of `Terms.subsets` for given numbers of bins. The joint (row 0) has no table.

    The table of row r starts at `offset[r]` and has `size[r]` entries. One bin of source j is `stride[r, j]` entries, which is
    zero for sources outside the set. A row with `parent[r] > 0` is computed from its parent's table: viewed as
    (`before[r]`, `along[r]`, `after[r]`), it is summed over the middle axis. The other rows are filled from the occupied cells.
    """

    offset: np.ndarray
    size: np.ndarray
    stride: np.ndarray
    parent: np.ndarray
    before: np.ndarray
    along: np.ndarray
    after: np.ndarray


def terms_of(num_sources: int, coefficients: np.ndarray) -> Terms:
    """The terms of the antichains with non-zero coefficients.

    Args:
        num_sources: number of sources n.
        coefficients: c by position in the lattice.
    """
    union = union_coefficients(num_sources)
    active = np.flatnonzero(coefficients)
    if not len(active):
        # An empty goal is valid. It gets one term with coefficient zero, so that no loop over terms is empty.
        active = np.array([len(union) - 1])
    joint = 2**num_sources - 1
    needed = {int(s) + 1 for s in np.flatnonzero((union[active] != 0).any(axis=0))} | {joint}
    subsets = sorted(needed, key=lambda s: (-s.bit_count(), s))
    row_of = {s: row for row, s in enumerate(subsets)}
    start, row, sign = [0], [], []
    for antichain in active:
        for column in np.flatnonzero(union[antichain]):
            row.append(row_of[int(column) + 1])
            sign.append(float(union[antichain, column]))
        start.append(len(row))
    return Terms(
        active,
        np.asarray(coefficients, dtype=np.float64)[active],
        np.array(start, dtype=np.int64),
        np.array(row, dtype=np.int64),
        np.array(sign, dtype=np.float64),
        np.array(subsets, dtype=np.int64),
    )


@lru_cache(maxsize=256)
def goal_terms(goal: Goal) -> Terms:
    """The terms of G = Σ_α c_α I_α + γ_res H(Y)."""
    return terms_of(len(goal.sources), goal.redundancy_coefficients())


class Query(NamedTuple):
    """A query to a closed form about Σ_α c_α I_α + residual · H(Y) of every neuron."""

    terms: Terms
    """The redundancies I_α, with their coefficients."""
    residual: float = 0.0
    """The coefficient of the entropy of the output."""
    gradient: bool = True
    """Whether to compute the gradient."""
    redundancies: bool = True
    """Whether to compute the redundancies."""
    factor: float = 1.0
    """Factor of the gradient: −1 for an optimizer that descends."""


class Answer(NamedTuple):
    """The answer of a closed form. Results that were not requested are empty; H(Y) is always present."""

    gradient: Float[Tensor, "neurons batch"]
    redundancies: Float[Tensor, "neurons antichains"]
    entropy: Float[Tensor, " neurons"]


@lru_cache(maxsize=8)
def all_terms(num_sources: int) -> Terms:
    """The terms of all redundancies, each with coefficient one."""
    return terms_of(num_sources, np.ones(len(redundancy_lattice(num_sources))))


@lru_cache(maxsize=256)
def _tables(subsets: tuple[int, ...], num_bins: tuple[int, ...]) -> Tables:
    sources = range(len(num_bins))
    rows = len(subsets)
    stride = np.zeros((rows, len(num_bins)), dtype=np.int64)
    size = np.ones(rows, dtype=np.int64)
    parent = np.zeros(rows, dtype=np.int64)
    before, along, after = (np.ones(rows, dtype=np.int64) for _ in range(3))
    for row, subset in enumerate(subsets):
        for j in reversed(sources):
            if subset >> j & 1:
                stride[row, j] = size[row]
                size[row] *= num_bins[j]
        candidates = [
            (size[p], p)
            for p in range(1, row)
            if subsets[p] & subset == subset and (subsets[p] ^ subset).bit_count() == 1 and size[p] <= LARGEST_FOLDED
        ]
        if candidates:
            parent[row] = p = min(candidates)[1]
            j = (subsets[p] ^ subset).bit_length() - 1
            after[row] = stride[p, j]
            along[row] = num_bins[j]
            before[row] = size[p] // (after[row] * along[row])
    offset = np.concatenate([[0, 0], np.cumsum(size[1:])]).astype(np.int64)
    return Tables(offset, size, stride, parent, before, along, after)


def tables_for(terms: Terms, num_bins: tuple[int, ...]) -> Tables:
    """The layout of the marginal tables that `terms` needs."""
    return _tables(tuple(terms.subsets.tolist()), num_bins)
