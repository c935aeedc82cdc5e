"""Redundancy by shared exclusions, in bits, from the marginals at each realisation.

    i_α(s, t) = log2 [ P(t | W_α(s)) / P(t) ],   W_α(s) = ∪_{a∈α} ∩_{j∈a} {S_j = s_j}
    i_α = i⁺_α − i⁻_α,   i⁺_α = −log2 P(W_α),   i⁻_α = −log2 P(W_α | t)

The informative part i⁺ says how surprising it is that one of the statements in α holds; the misinformative part i⁻
how surprising that is for someone who knows the target.

Source: Makkeh, Gutknecht and Wibral 2021 (Phys. Rev. E 103, 032149), eqs. 10–14.
"""

import math
from collections.abc import Iterator
from enum import Enum
from typing import Any

import numpy as np
from jaxtyping import Float

from infomorphic.pid._arrays import Array, constant, is_torch, log2_where, namespace, ratio_log2
from infomorphic.pid.lattice import RedundancyLattice, SparseMatrix
from infomorphic.pid.marginals import Marginals

# Temporaries of (antichains in a block) × cells × batch stay near this many numbers: 4 MiB, the size of a cache.
_BLOCK_NUMBERS = 2**19


class Part(Enum):
    """Which part of the redundancy: the whole of it, or its informative or misinformative part."""

    NET = "net"
    INFORMATIVE = "informative"
    MISINFORMATIVE = "misinformative"


def pointwise_redundancies(
    marginals: Marginals, coefficients: Float[Array, "antichains subsets"], part: Part
) -> Float[Array, "*batch antichains cells"]:
    """i_α at each realisation, for the antichains with the given inclusion–exclusion coefficients.

    Where the union has probability zero together with t, so has the realisation, and i_α has no weight. It is then
    what its limit is when the realisation alone gains probability: P(t | W_α) = 1 if W_α had none either.
    """
    xp = namespace(marginals.realisation)
    target = marginals.target[..., None, :]
    joint = source = target
    if part is not Part.INFORMATIVE:
        joint = xp.matmul(coefficients, marginals.joint)
    if part is not Part.MISINFORMATIVE:
        source = xp.matmul(coefficients, marginals.source)
    match part:
        case Part.INFORMATIVE:
            return -log2_where(source > 0, source, xp)
        case Part.MISINFORMATIVE:
            return -_log2_conditional(joint, target, xp)
        case Part.NET:
            # The mask is the union's own, not p > 0: where p = 0 but the union has mass, ∂(p i)/∂p = i is not zero.
            return ratio_log2(joint > 0, joint, source, xp) - log2_where(target > 0, target, xp)


def average_redundancies(marginals: Marginals, lattice: RedundancyLattice, part: Part = Part.NET) -> Float[Array, "*batch antichains"]:
    """I_α = Σ p(s, t) i_α(s, t) for every antichain of the lattice."""
    xp = namespace(marginals.realisation)
    weights = marginals.realisation[..., :, None]
    # A realisation of probability zero has no weight, but its derivative is i_α: it stays in the sum.
    blocks = [
        xp.matmul(pointwise_redundancies(marginals, block, part), weights)[..., 0]
        for block in _coefficient_blocks(lattice, marginals.realisation)
    ]
    return blocks[0] if len(blocks) == 1 else xp.concat(blocks, axis=-1)


def target_entropy(marginals: Marginals) -> Float[Array, "*batch"]:
    """H(T) = −Σ p(s, t) log2 p(t)."""
    xp = namespace(marginals.realisation)
    return -xp.sum(marginals.realisation * log2_where(marginals.target > 0, marginals.target, xp), axis=-1)


def mobius_inversion(redundancies: Float[Array, "*batch antichains"], matrix: SparseMatrix) -> Float[Array, "*batch antichains"]:
    """The atoms Π = M I of redundancies along the last axis."""
    if matrix.size <= 166:
        return redundancies @ constant(matrix.dense, redundancies).T
    if is_torch(redundancies):
        rows, columns = (redundancies.new_tensor(i).long() for i in (matrix.rows, matrix.columns))
        terms = redundancies[..., columns] * constant(matrix.values, redundancies)
        return redundancies.new_zeros(redundancies.shape).index_add(-1, rows, terms)
    # Rows are contiguous and none is empty, so a segmented sum is a row.
    starts = np.flatnonzero(np.diff(matrix.rows, prepend=-1))
    return np.add.reduceat(redundancies[..., matrix.columns] * constant(matrix.values, redundancies), starts, axis=-1)


def _log2_conditional(joint: Array, target: Array, xp: Any) -> Array:
    """log2 P(W_α | t)"""
    target = xp.broadcast_to(target, joint.shape)
    return ratio_log2(joint > 0, joint, target, xp)


def _coefficient_blocks(lattice: RedundancyLattice, like: Array) -> Iterator[Array]:
    """The inclusion–exclusion coefficients in blocks of antichains whose temporaries stay small."""
    size = max(1, _BLOCK_NUMBERS // max(1, math.prod(like.shape)))
    for start in range(0, len(lattice), size):
        yield constant(lattice.union_coefficients[start : start + size], like)
