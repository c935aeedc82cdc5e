"""Group samples into the occupied cells of the joint histogram."""

import numpy as np

from infomorphic.compiled.decorators import EXACT, inner
from infomorphic.compiled.simd import FAST


@inner(EXACT)
def set_keys(keys, currents, neuron, num_bins, low, per_unit):
    """Write the cell of the joint histogram of each sample of a neuron into `keys`; return whether all currents have a bin."""
    numbers = 0
    for i in range(keys.size):
        keys[i] = 0
    for j in range(num_bins.size):
        row, below, per = currents[j], low[j, neuron], per_unit[j, neuron]
        several = np.uint32(num_bins[j])
        last = row.dtype.type(num_bins[j] - 1)
        zero = row.dtype.type(0)
        for i in range(keys.size):
            position = (row[neuron, i] - below) * per
            numbers += position == position
            position = position if position > zero else zero
            position = position if position < last else last
            keys[i] = keys[i] * several + np.uint32(np.int32(position))
    return numbers == keys.size * num_bins.size


@inner(EXACT)
def no_probability(theta, neuron):
    """Whether any θ of the neuron is NaN or outside [0, 1]."""
    good = 0
    for i in range(theta.shape[1]):
        good += (theta[neuron, i] >= 0) & (theta[neuron, i] <= 1)
    return good < theta.shape[1]


@inner(FAST)
def group(keys, theta, joint, cell, cell_key, mass):
    """Number the occupied cells in order of appearance and sum θ and 1 − θ of each; return the number of cells."""
    # Without a branch on "seen before", which cannot be predicted: there are about 300 new cells among 1000 samples.
    occupied = np.uint64(0)
    for i in range(keys.size):
        key = np.uint64(keys[i])
        number = np.uint64(joint[key])
        cell_key[occupied] = key
        fresh = number == np.uint64(0)
        occupied = occupied + np.uint64(fresh)
        number = occupied if fresh else number
        joint[key] = number
        cell[i] = number
        t = np.float64(theta[i])
        mass[np.uint64(2) * number] += t
        mass[np.uint64(2) * number + np.uint64(1)] += 1.0 - t
    return np.int64(occupied)


@inner(FAST)
def set_digits(digit, cell_key, num_bins, n):
    """Compute the bins of each source from the keys of the cells. Overwrites the keys."""
    for j in range(num_bins.size - 1, -1, -1):
        # Divide by multiplying: this is exact, because half a bin is much larger than the rounding error of a double.
        reciprocal = 1.0 / num_bins[j]
        bins = np.uint32(num_bins[j])
        for k in range(n):
            above = np.uint32(np.int32((np.float64(np.int32(cell_key[k])) + 0.5) * reciprocal))
            digit[j, k] = cell_key[k] - above * bins
            cell_key[k] = above
