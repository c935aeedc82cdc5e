"""The marginal probabilities of all sets of sources at every realization, from a dense pmf or from occupied cells.

A realization k is one outcome (s1, …, sn, t). Most measures of redundancy need only these marginals.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from infomorphic.pid._arrays import Array, namespace


class Marginals(NamedTuple):
    """Probabilities at each of K realizations. Subset S (a bit mask over sources) has index S − 1."""

    realization: Float[Array, "*batch cells"]
    """p(s1, …, sn, t)"""
    joint: Float[Array, "*batch subsets cells"]
    """P(S_j = s_j for j in S, T = t)"""
    source: Float[Array, "*batch subsets cells"]
    """P(S_j = s_j for j in S)"""
    target: Float[Array, "*batch cells"]
    """P(T = t)"""


def dense_marginals(pmf: Float[Array, "..."], num_sources: int) -> Marginals:
    """The marginals at every cell of a dense pmf of shape (*batch, |S1|, …, |Sn|, |T|)."""
    xp = namespace(pmf)
    shape = tuple(pmf.shape)
    batch = shape[: len(shape) - num_sources - 1]
    first = len(batch)

    def at_every_cell(marginal: Array) -> Array:
        return xp.reshape(xp.broadcast_to(marginal, shape), (*batch, -1))

    joint, source = [], []
    for mask in range(1, 2**num_sources):
        outside = tuple(first + i for i in range(num_sources) if not mask >> i & 1)
        marginal = xp.sum(pmf, axis=outside, keepdims=True) if outside else pmf
        joint.append(at_every_cell(marginal))
        source.append(at_every_cell(xp.sum(marginal, axis=-1, keepdims=True)))
    target = xp.sum(pmf, axis=tuple(range(first, first + num_sources)), keepdims=True)
    return Marginals(joint[-1], xp.stack(joint, axis=-2), xp.stack(source, axis=-2), at_every_cell(target))


def occupied_marginals(cells: Int[np.ndarray, "cells variables"], mass: Float[np.ndarray, " cells"]) -> Marginals:
    """The marginals at the occupied cells only.

    Args:
        cells: for each occupied cell, the code of each source and, in the last column, of the target.
        mass: the probability of each cell.
    """
    num_sources = cells.shape[1] - 1
    target_column = num_sources

    def marginal(columns: Sequence[int]) -> Float[np.ndarray, " cells"]:
        group, num_groups = join_codes([cells[:, c] for c in columns])
        return np.bincount(group, weights=mass, minlength=num_groups)[group].astype(mass.dtype, copy=False)

    subsets = [[i for i in range(num_sources) if mask >> i & 1] for mask in range(1, 2**num_sources)]
    return Marginals(
        realization=mass,
        joint=np.stack([marginal([*s, target_column]) for s in subsets]),
        source=np.stack([marginal(s) for s in subsets]),
        target=marginal([target_column]),
    )


def join_codes(columns: Sequence[Int[np.ndarray, " rows"]]) -> tuple[Int[np.ndarray, " rows"], int]:
    """Join columns of non-negative codes into one column of codes; return it with an upper bound on the codes.

    The bound is at most a small multiple of the number of rows, so a table of that size always fits into memory: memory
    grows with the observations, not with the product of the alphabets.
    """
    code, size = _compact_codes(columns[0])
    for column in columns[1:]:
        column, column_size = _compact_codes(column)
        code, size = _compact_codes(code * column_size + column, size * column_size)
    return code, size


def _compact_codes(column: Int[np.ndarray, " rows"], size: int | None = None) -> tuple[Int[np.ndarray, " rows"], int]:
    """The column itself if a table indexed by its codes fits into memory, else its codes renumbered without gaps."""
    if size is None:
        size = int(column.max()) + 1 if len(column) else 0
    if size <= 4 * len(column) + 65536:
        return column.astype(np.int64, copy=False), size
    values, code = np.unique(column, return_inverse=True)
    return code, len(values)
