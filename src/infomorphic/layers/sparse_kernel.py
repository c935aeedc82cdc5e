# pyright: reportCallIssue=false
"""Sparse connections on the CPU, compiled by numba. Imported on first use.

Inputs may be integers of one byte: outputs of neurons are +1 or -1, and a quarter of the memory is read in half of the time or less. Sums have
the same bits as with real inputs. Inputs are read as one long array, because a view of a row costs as much as a short loop.

With 100 of 2000 connections, a dense product with zeros would need twenty times the arithmetic.
"""

import numpy as np
from numba import prange

from infomorphic.compiled.decorators import called_by_python, called_in_parallel

_BYTES = 2**20
"""Inputs of all neurons that are used at once: with more they would leave the second-level cache."""
_SUMMED = 128
"""Samples whose products are added up before they are added to a gradient."""
_parallel = called_in_parallel()
_sums = called_by_python({"contract", "nsz"})
_gradients = called_by_python({"contract", "reassoc", "nsz"})


@_sums
def weighted_sums(inputs, weight, index, bias, currents, start, stop):
    """currents_j = bias_j + Σ_k weight_jk inputs_{index_jk} for the neurons from `start` to `stop`; rows are neurons, columns samples."""
    batch, connections = inputs.shape[1], index.shape[1]
    flat, real = inputs.reshape(-1), currents.dtype.type
    block = max(_SUMMED, _BYTES // max(1, len(inputs) * inputs.itemsize))
    for low in range(0, batch, block):
        width = np.uint64(min(block, batch - low))
        for j in range(start, stop):
            row = currents[j, low : low + block]
            row[:] = bias[j]
            # Four at a time, in order: the row is read and written once for all of them.
            for k in range(0, connections - 3, 4):
                w0, w1, w2, w3 = weight[j, k], weight[j, k + 1], weight[j, k + 2], weight[j, k + 3]
                x0 = np.uint64(index[j, k] * batch + low)
                x1 = np.uint64(index[j, k + 1] * batch + low)
                x2 = np.uint64(index[j, k + 2] * batch + low)
                x3 = np.uint64(index[j, k + 3] * batch + low)
                for i in range(width):
                    total = row[i] + w0 * real(flat[x0 + i])
                    total = total + w1 * real(flat[x1 + i])
                    total = total + w2 * real(flat[x2 + i])
                    row[i] = total + w3 * real(flat[x3 + i])
            for k in range(connections // 4 * 4, connections):
                w, x = weight[j, k], np.uint64(index[j, k] * batch + low)
                for i in range(width):
                    row[i] += w * real(flat[x + i])


@_gradients
def weight_gradients(inputs, gradient, index, weight_gradient, start, stop):
    """weight_gradient_jk = Σ_i gradient_ji inputs_{index_jk, i} for the neurons from `start` to `stop`."""
    batch = inputs.shape[1]
    flat, of_current, real = inputs.reshape(-1), gradient.reshape(-1), gradient.dtype.type
    block = max(_SUMMED, _BYTES // max(1, len(inputs) * inputs.itemsize) // _SUMMED * _SUMMED)
    weight_gradient[start:stop] = 0
    for begin in range(0, batch, block):
        end = min(begin + block, batch)
        for j in range(start, stop):
            for k in range(index.shape[1]):
                for low in range(begin, end, _SUMMED):
                    width = np.uint64(min(_SUMMED, end - low))
                    x, g = np.uint64(index[j, k] * batch + low), np.uint64(j * batch + low)
                    total = real(0)
                    for i in range(width):
                        total += of_current[g + i] * real(flat[x + i])
                    weight_gradient[j, k] += total


@_parallel
def weighted_sums_in_parallel(inputs, weight, index, bias, currents, parts):
    """`weighted_sums` for all neurons, divided among several threads."""
    for i in prange(parts):
        weighted_sums(inputs, weight, index, bias, currents, len(weight) * i // parts, len(weight) * (i + 1) // parts)


@_parallel
def weight_gradients_in_parallel(inputs, gradient, index, weight_gradient, parts):
    """`weight_gradients` for all neurons, divided among several threads."""
    for i in prange(parts):
        weight_gradients(inputs, gradient, index, weight_gradient, len(index) * i // parts, len(index) * (i + 1) // parts)
