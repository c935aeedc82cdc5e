# pyright: reportCallIssue=false
"""Binning into equal widths on the CPU, compiled by numba. Imported only when first used."""

import numpy as np
from numba import njit

# NaN is not ruled out here: it must come out as an index out of range, for the objective to find.
_entry = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "nsz"})


@_entry
def bin_rows(current, low, per_unit, num_bins, index, start, stop):
    """index = ⌊(current − low) · per_unit⌋ kept in 0 … num_bins − 1, for neurons from `start` to `stop`; rows are neurons."""
    real = current.dtype.type
    zero, last = real(0), real(num_bins - 1)
    for j in range(start, stop):
        shift, scale = low[j % low.size], per_unit[j % per_unit.size]
        x, k = current[j], index[j]
        for i in range(x.size):
            position = (x[i] - shift) * scale
            position = zero if position < zero else position
            position = last if position > last else position
            k[i] = np.int32(position) if position == position else np.int32(num_bins)

