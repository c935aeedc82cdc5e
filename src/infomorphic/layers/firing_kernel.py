# pyright: reportCallIssue=false
"""Firing on the CPU, compiled by numba: probabilities, sampled outputs, and the gradient back to the currents.

The kernels process one neuron at a time, in loops over samples that LLVM vectorizes. Imported on first use.
"""

from typing import Any

import numpy as np
from numba import prange, types
from numba.extending import overload

from infomorphic.compiled.decorators import arithmetic, called_by_python, called_in_parallel, inner
from infomorphic.compiled.simd import power_of_two
from infomorphic.layers import activations
from infomorphic.layers.activations import PROBABILITY_MARGIN

# No flag that changes values. A function is optimized alone and again inside the parallel loop that calls it; which version runs depends
# on what was compiled or loaded before. With "contract", repeating a run gave different values if one of the runs used the disk cache.
_FLAGS = {"nsz", "nnan", "ninf"}
# The formulas are compiled into what Python calls.
_entry = called_by_python(_FLAGS, [activations.__file__])
_parallel = called_in_parallel([activations.__file__])
_inner = inner(_FLAGS)


@_inner
def _sigmoid_float32(x):
    """σ(x) to 2e-7 by Cephes' polynomial, because library calls for the exponential would prevent vectorization."""
    y = min(max(-x, np.float32(-87)), np.float32(87))
    exponent = np.int32(y * np.float32(1.44269504) + np.float32(127.5))
    n = np.float32(exponent - np.int32(127))
    r = y - n * np.float32(0.693359375) + n * np.float32(2.12194440e-4)
    p = np.float32(1.9875691500e-4)
    p = p * r + np.float32(1.3981999507e-3)
    p = p * r + np.float32(8.3334519073e-3)
    p = p * r + np.float32(4.1665795894e-2)
    p = p * r + np.float32(1.6666665459e-1)
    p = p * r + np.float32(5.0000001201e-1)
    exponential = (p * r * r + r + np.float32(1)) * power_of_two(exponent)
    return np.float32(1) / (np.float32(1) + exponential)


_OPTIONS: Any = {**arithmetic(_FLAGS), "forceinline": True}  # numba's annotations lack most options


@overload(activations.sigmoid, jit_options=_OPTIONS)
def _sigmoid(x):
    if x == types.float32:
        return lambda x: _sigmoid_float32(x)
    return lambda x: 1.0 / (1.0 + np.exp(-x))


_modulation = _inner(activations.modulation)


@_inner
def _gain(gain, base, alpha, beta, driving, others, num_others, j):
    """Write the gain of neuron j for all samples into `gain`. A current has one number per sample, or one for all samples."""
    gain[:] = base
    for source in range(num_others):
        current = others[source][j]
        if current.size == gain.size:
            for i in range(gain.size):
                gain[i] += _modulation(alpha, beta, driving[i], current[i])
        else:
            for i in range(gain.size):
                gain[i] += _modulation(alpha, beta, driving[i], current[0])


@_inner
def _fire(gain, base, alpha, beta, driving, others, num_others, firing_prob, j):
    """θ = σ(F · gain) of neuron j, clipped."""
    real = driving.dtype.type
    low, high = real(PROBABILITY_MARGIN), real(1 - PROBABILITY_MARGIN)
    f, theta = driving[j], firing_prob[j]
    _gain(gain, base, alpha, beta, f, others, num_others, j)
    for i in range(gain.size):
        theta[i] = min(max(activations.sigmoid(f[i] * gain[i]), low), high)


@_entry
def fire(base, alpha, beta, driving, others, num_others, firing_prob, seed, outputs, samples, start, stop):
    """θ = σ(F · gain) of the neurons from `start` to `stop`, and, if `samples`, the outputs drawn from it. Rows are neurons, columns samples.

    Only the first `num_others` entries of the tuple `others` are used. It always has the same length, because numba compiles again for
    another. Outputs are drawn in the same pass, while the data of a neuron are still in the cache.
    """
    gain = np.empty(driving.shape[1], driving.dtype)
    for j in range(start, stop):
        _fire(gain, base, alpha, beta, driving, others, num_others, firing_prob, j)
        if samples:
            _sample(firing_prob, seed, outputs, j)


@_entry
def current_gradients(base, alpha, beta, driving, others, num_others, firing_prob, outer, gradients, start, stop):
    """∂/∂X for each current X, from `outer` = ∂/∂θ. `gradients` has one array per source, the driving source first.

    The tuples have a fixed length, as in `fire`.
    """
    real = driving.dtype.type
    one, low, high = real(1), real(PROBABILITY_MARGIN), real(1 - PROBABILITY_MARGIN)
    size = driving.shape[1]
    gain = np.empty(size, driving.dtype)
    of_argument = np.empty(size, driving.dtype)
    modulating = np.empty((num_others, size), driving.dtype)
    for j in range(start, stop):
        f, theta, g, of_driving = driving[j], firing_prob[j], outer[j], gradients[0][j]
        for i in range(size):
            inside = (theta[i] > low) & (theta[i] < high)
            of_argument[i] = g[i] * theta[i] * (one - theta[i]) * real(inside)
        # As in `_gain`, but store each σ: computing it is most of the work, and its derivative needs it again.
        gain[:] = base
        for source in range(num_others):
            current, s = others[source][j], modulating[source]
            for i in range(size):
                s[i] = activations.sigmoid(beta * f[i] * current[i])
                gain[i] += alpha * s[i]
        for i in range(size):
            of_driving[i] = of_argument[i] * gain[i]
        for source in range(num_others):
            current, of_current, s = others[source][j], gradients[source + 1][j], modulating[source]
            for i in range(size):
                # The derivative ∂/∂(F X) of F · α σ(β F X), common to both factors.
                common = of_argument[i] * f[i] * alpha * beta * s[i] * (one - s[i])
                of_driving[i] += common * current[i]
                of_current[i] = common * f[i]


@_inner
def _mixed(x):
    """A 32-bit hash: each input bit flips about half of the output bits (Wellons' lowbias32)."""
    # numba widens results to 64 bits; the conversions keep them at 32.
    x = np.uint32(x ^ (x >> np.uint32(16)))
    x = np.uint32(x * np.uint32(0x7FEB352D))
    x = np.uint32(x ^ (x >> np.uint32(15)))
    x = np.uint32(x * np.uint32(0x846CA68B))
    return np.uint32(x ^ (x >> np.uint32(16)))


@_inner
def _sample(firing_prob, seed, outputs, j):
    """+1 with probability θ, else −1. A draw depends only on neuron, sample and seed, not on the order of computation."""
    one, scale = firing_prob.dtype.type(1), firing_prob.dtype.type(2.0**-24)
    low, high = np.uint32(seed & 0xFFFFFFFF), np.uint32(seed >> 32)
    theta, output = firing_prob[j], outputs[j]
    key = _mixed(np.uint32(_mixed(np.uint32(np.uint32(j) + low)) ^ high))
    other = _mixed(np.uint32(key + np.uint32(0x9E3779B9)))
    for i in range(theta.size):
        bits = _mixed(np.uint32(_mixed(np.uint32(np.uint32(i) ^ key)) + other))
        # 24 bits fill a float32 exactly.
        uniform = firing_prob.dtype.type(np.int32(bits >> np.uint32(8))) * scale
        output[i] = one if uniform < theta[i] else -one


@_entry
def sample(firing_prob, seed, outputs, start, stop):
    """Outputs of the neurons from `start` to `stop`, drawn by `_sample`."""
    for j in range(start, stop):
        _sample(firing_prob, seed, outputs, j)


@_parallel
def fire_in_parallel(base, alpha, beta, driving, others, num_others, firing_prob, seed, outputs, samples, parts):
    """`fire` for all neurons, divided among several threads."""
    for i in prange(parts):
        start, stop = len(driving) * i // parts, len(driving) * (i + 1) // parts
        fire(base, alpha, beta, driving, others, num_others, firing_prob, seed, outputs, samples, start, stop)


@_parallel
def current_gradients_in_parallel(base, alpha, beta, driving, others, num_others, firing_prob, outer, gradients, parts):
    """`current_gradients` for all neurons, divided among several threads."""
    for i in prange(parts):
        start, stop = len(driving) * i // parts, len(driving) * (i + 1) // parts
        current_gradients(base, alpha, beta, driving, others, num_others, firing_prob, outer, gradients, start, stop)


@_parallel
def sample_in_parallel(firing_prob, seed, outputs, parts):
    """`sample` for all neurons, divided among several threads."""
    for i in prange(parts):
        sample(firing_prob, seed, outputs, len(firing_prob) * i // parts, len(firing_prob) * (i + 1) // parts)
