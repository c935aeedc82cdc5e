"""The Möbius inversion from redundancies to atoms, for arrays of any library."""

import numpy as np
from jaxtyping import Float

from infomorphic.pid._arrays import Array, constant, is_torch
from infomorphic.pid.lattice import SparseMatrix


def mobius_inversion(redundancies: Float[Array, "*batch antichains"], matrix: SparseMatrix) -> Float[Array, "*batch antichains"]:
    """The atoms Π = M I of redundancies along the last axis."""
    if matrix.size <= 166:
        return redundancies @ constant(matrix.dense, redundancies).T
    if is_torch(redundancies):
        rows, columns = (redundancies.new_tensor(i).long() for i in (matrix.rows, matrix.columns))
        terms = redundancies[..., columns] * constant(matrix.values, redundancies)
        return redundancies.new_zeros(redundancies.shape).index_add(-1, rows, terms)
    # Rows are contiguous and not empty, so each row is one segmented sum.
    starts = np.flatnonzero(np.diff(matrix.rows, prepend=-1))
    return np.add.reduceat(redundancies[..., matrix.columns] * constant(matrix.values, redundancies), starts, axis=-1)
