# pyright: reportCallIssue=false
"""Sparse connections on the CPU, compiled by numba. Imported on first use.

Both products process the batch in blocks, so that the inputs of all neurons (inputs × block numbers) stay in the
second-level cache. With 100 of 2000 connections, a dense product with zeros would need twenty times the arithmetic.
"""

from numba import prange

from infomorphic.compiled.decorators import called_by_python, called_in_parallel

_BLOCK = 128
_parallel = called_in_parallel()
_entry = called_by_python({"contract", "reassoc", "nsz"})


@_entry
def weighted_sums(inputs, weight, index, bias, currents, start, stop):
    """currents_j = bias_j + Σ_k weight_jk inputs_{index_jk} for the neurons from `start` to `stop`; rows are neurons, columns samples."""
    batch = inputs.shape[1]
    for low in range(0, batch, _BLOCK):
        high = min(low + _BLOCK, batch)
        for j in range(start, stop):
            row = currents[j, low:high]
            row[:] = bias[j]
            for k in range(index.shape[1]):
                w = weight[j, k]
                x = inputs[index[j, k], low:high]
                for i in range(high - low):
                    row[i] += w * x[i]


@_entry
def weight_gradients(inputs, gradient, index, weight_gradient, start, stop):
    """weight_gradient_jk = Σ_i gradient_ji inputs_{index_jk, i} for the neurons from `start` to `stop`."""
    batch = inputs.shape[1]
    weight_gradient[start:stop] = 0
    zero = inputs.dtype.type(0)
    for low in range(0, batch, _BLOCK):
        high = min(low + _BLOCK, batch)
        for j in range(start, stop):
            g = gradient[j, low:high]
            for k in range(index.shape[1]):
                x = inputs[index[j, k], low:high]
                total = zero
                for i in range(high - low):
                    total += g[i] * x[i]
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
