"""Call the compiled kernel on tensors: threads, result arrays, and whether code must be compiled."""

import math
from functools import lru_cache

import numpy as np
import torch

from infomorphic.compiled.cache import has_code
from infomorphic.compiled.threads import on_threads, part_count, thread_count
from infomorphic.objective import kernel
from infomorphic.objective.plan import Answer, Query, all_terms, tables_for
from infomorphic.objective.samples import MAX_SOURCES, BinnedCurrents, bad_bins, bad_probability


def solve_with_kernel(samples: BinnedCurrents, query: Query) -> Answer:
    """Answer a query by the compiled kernel.

    Raises:
        ObjectiveInputError: if a current is NaN or θ is not a probability.
    """
    neurons = samples.firing_prob.shape[0]
    gradient = torch.empty_like(samples.firing_prob) if query.gradient else samples.firing_prob.new_empty((1, 0))
    redundancy = np.empty((neurons if query.redundancies else 1, len(query.terms.coefficient)))
    entropy = np.empty(neurons)
    arguments = _arguments(samples, samples.firing_prob.shape[1], query, (gradient.numpy(), redundancy, entropy))
    threads = thread_count(neurons)
    if threads == 1:
        # Without OpenMP: a process that has used it can no longer fork workers.
        outcome = kernel.solve(*arguments, 0, neurons)
    else:
        outcome = on_threads(threads, kernel.solve_in_parallel, *arguments, part_count(neurons, threads))
    if outcome == kernel.BAD_BINS:
        raise bad_bins(samples.num_bins)
    if outcome == kernel.BAD_THETA:
        raise bad_probability()
    return Answer(gradient, torch.from_numpy(redundancy), torch.from_numpy(entropy))


def needs_compilation(samples: BinnedCurrents, batch: int) -> bool:
    """Whether `solve_with_kernel` on such samples must compile, because neither this process nor the disk cache has the code."""
    results = (samples.firing_prob.numpy(), np.empty((1, 1)), np.empty(1))
    arguments = _arguments(samples, batch, Query(all_terms(len(samples.num_bins))), results)
    if thread_count(neurons=2) == 1:
        return not has_code(kernel.solve, (*arguments, 0, 0))
    return not has_code(kernel.solve_in_parallel, (*arguments, 0))


def _arguments(samples: BinnedCurrents, batch: int, query: Query, results: tuple[np.ndarray, np.ndarray, np.ndarray]) -> tuple:
    # If the number of occupied cells fits, use a type of half the size: more of it stays in the cache.
    count = np.empty(0, np.uint16 if min(math.prod(samples.num_bins), batch) < 2**16 else np.uint32)
    theta = samples.firing_prob.numpy()
    currents = [current.numpy() for current in samples.currents]
    # Always the maximum number of arrays: then the type does not depend on the number of sources, and one compilation serves all.
    currents += [currents[0]] * (MAX_SOURCES - len(currents))
    return (
        tuple(currents),
        samples.low.numpy(),
        samples.per_unit.numpy(),
        theta,
        _as_array(samples.num_bins),
        query.terms,
        tables_for(query.terms, samples.num_bins),
        float(query.residual),
        float(query.factor),
        query.gradient,
        query.redundancies,
        count,
        results,
    )


@lru_cache(maxsize=256)
def _as_array(num_bins: tuple[int, ...]) -> np.ndarray:
    return np.array(num_bins, dtype=np.int64)
