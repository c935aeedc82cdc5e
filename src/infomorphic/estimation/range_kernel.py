"""The range of the bins of a few neurons on the CPU, compiled by numba. Imported only when first used.

Torch finds the same in a dozen calls. In a training step, where each finds its code out of the caches, they take longer than the
objective of the readout's ten neurons.
"""

import numpy as np
from numba import njit

from infomorphic.compiled_code import cached_njit

# None that changes values: which of two equal numbers is the larger does not matter.
_FLAGS = {"nsz", "nnan", "reassoc"}


@njit(nogil=True, fastmath=_FLAGS, error_model="numpy")
def _largest_magnitude(row):
    """The largest number of a row, regardless of sign. NaN has no bin in any range, so it does not matter what becomes of it."""
    largest = row.dtype.type(0)
    for x in row:
        largest = max(largest, abs(x))
    return largest


@cached_njit(nogil=True, error_model="numpy")
def scale_by_largest_magnitude(current, num_bins, low, per_unit):
    """`LargestMagnitude.scale` of a current (neurons, batch), into `low` and `per_unit` (neurons,), to the same bits."""
    one, several = current.dtype.type(1), current.dtype.type(num_bins)
    for j in range(len(current)):
        largest = _largest_magnitude(current[j])
        # A reciprocal first, as torch divides a number by a tensor.
        bins = one / (largest + largest) * several
        low[j] = -largest
        per_unit[j] = bins if np.isfinite(bins) else 0
