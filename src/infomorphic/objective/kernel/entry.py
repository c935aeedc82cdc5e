"""The functions that Python calls: the kernel for a range of neurons, and for all neurons on several threads."""

from pathlib import Path

import numpy as np
from numba import prange

from infomorphic.compiled.decorators import called_by_python, called_in_parallel, inner
from infomorphic.compiled.simd import FAST
from infomorphic.objective import plan
from infomorphic.objective.kernel.cells import no_probability, set_keys
from infomorphic.objective.kernel.neuron import solve_neuron
from infomorphic.objective.kernel.scratch import new_scratch

# All that is compiled into what Python calls.
_FILES = (*sorted(Path(__file__).parent.glob("*.py")), plan.__file__)
OK, BAD_THETA, BAD_BINS = 0, 1, 2
"""Return codes of `solve`."""


@inner(FAST)
def _entropy(p):
    """Entropy of a binary variable, in bits."""
    h = 0.0
    for q in (p, 1 - p):
        if q > 0:
            h -= q * np.log2(q)
    return h


@called_by_python(FAST, _FILES)
def solve(
    currents, low, per_unit, theta, num_bins, terms, tables, residual, factor, want_gradient, want_value, count, results, start, stop
):
    """Gradient, redundancies and H(Y) of the neurons `start` to `stop`. Returns `OK`, `BAD_BINS` or `BAD_THETA`.

    Args:
        currents: four arrays, (neurons, batch), in the dtype of θ. Only the first `num_bins.size` are used.
        low: (sources, neurons). The bin is ⌊(current − low) · per_unit⌋, clipped to the range.
        per_unit: (sources, neurons).
        theta: (neurons, batch).
        factor: multiplies the gradient.
        count: an empty array of the dtype that counts cells.
        results: gradient (neurons, batch), written if `want_gradient`; redundancy (neurons, antichains of `terms`), written
            if `want_value`; entropy (neurons,).
    """
    gradient, redundancy, entropy = results
    scratch = new_scratch(theta.shape[1], num_bins, terms, tables, theta, count)
    c = terms.coefficient.astype(theta.dtype)
    for neuron in range(start, stop):
        if not set_keys(scratch.keys, currents, neuron, num_bins, low, per_unit):
            return BAD_BINS
        if no_probability(theta, neuron):
            return BAD_THETA
        p = solve_neuron(
            theta[neuron],
            num_bins,
            terms,
            tables,
            c,
            residual,
            factor,
            want_gradient,
            want_value,
            scratch,
            gradient[neuron] if want_gradient else gradient[0],
            redundancy[neuron] if want_value else redundancy[0],
        )
        entropy[neuron] = _entropy(p)
    return OK


@called_in_parallel(_FILES)
def solve_in_parallel(
    currents, low, per_unit, theta, num_bins, terms, tables, residual, factor, want_gradient, want_value, count, results, parts
):
    """`solve` for all neurons, divided among several threads. Returns `OK`, or the largest return code of a part.

    Only numba's OpenMP layer adds no cost when calls alternate with torch. Measured on two cores with 100 neurons, B = 1024 and
    all 18 antichains, in milliseconds, best of 300; alone / with a 1024x784 @ 784x100 product of torch (0.89 ms) before each call:
    omp 0.72 / 1.64; workqueue 1.22 / 1.96; `solve` called from torch's own OpenMP team through GOMP_parallel 0.97 / 2.23; from a
    persistent ThreadPoolExecutor 1.19 / 3.03, because its threads must wake up, wait for the interpreter lock, and compete with
    torch's team, which is still spinning.
    """
    neurons = theta.shape[0]
    outcome = OK
    for i in prange(parts):
        start = neurons * i // parts
        stop = neurons * (i + 1) // parts
        part = solve(
            currents,
            low,
            per_unit,
            theta,
            num_bins,
            terms,
            tables,
            residual,
            factor,
            want_gradient,
            want_value,
            count,
            results,
            start,
            stop,
        )
        outcome = max(outcome, part)
    return outcome
