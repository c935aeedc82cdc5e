"""The range of the bins of a few neurons on the CPU, compiled by numba. Imported on first use.

Torch needs a dozen calls for the same result. In a training step the code of each call is no longer in the cache, and together they
take longer than the objective of the ten readout neurons.
"""

import numpy as np

from infomorphic.compiled.decorators import EXACT, called_by_python, inner

# These flags do not change values: it does not matter which of two equal numbers counts as the larger.
_FLAGS = {"nsz", "nnan", "reassoc"}


@inner(_FLAGS)
def _largest_magnitude(row):
    """The largest magnitude in a row. The result for NaN does not matter, because NaN has no bin in any range."""
    largest = row.dtype.type(0)
    for x in row:
        largest = max(largest, abs(x))
    return largest


@called_by_python(EXACT)
def scale_by_largest_magnitude(current, num_bins, low, per_unit):
    """`LargestMagnitude.scale` of a current (neurons, batch), into `low` and `per_unit` (neurons,), to the same bits."""
    one, several = current.dtype.type(1), current.dtype.type(num_bins)
    for j in range(len(current)):
        largest = _largest_magnitude(current[j])
        # Take the reciprocal first, as torch does when it divides a number by a tensor.
        bins = one / (largest + largest) * several
        low[j] = -largest
        per_unit[j] = bins if np.isfinite(bins) else 0
