"""Run compiled functions on as many threads as torch uses.

Kernels work on ranges of neurons, so running on several threads means running the same function on several ranges. Results do
not depend on the number of threads. Only numba's OpenMP layer adds no cost when calls alternate with torch's products (measured
in `infomorphic.objective.kernel.entry`).
"""

from collections.abc import Callable, Sequence
from functools import cache
from threading import Lock
from typing import Any

import torch

# numba's threading layer "workqueue" aborts the process if two threads enter it at the same time.
_one_at_a_time = Lock()
# At one to three nanoseconds per number this is about 30 µs per thread; waking a team takes about 5 µs. In a step of 100 neurons on
# two cores, 2^17 takes 8.8 ms, 2^16 8.8, 2^15 8.3 and 2^14 8.2 (backpropagation in the same run 12.2).
_WORTH_A_THREAD = 2**14
# Neurons per part: the objective takes about 12 µs per neuron; setting up the working memory of a part takes about 10 µs.
_SMALLEST_PART = 16


def thread_count(neurons: int) -> int:
    """Number of threads for this many neurons: torch's number, limited by numba's threads and by the amount of work."""
    return 1 if neurons <= 1 else min(torch.get_num_threads(), _numba_has(), neurons)


@cache
def _numba_has() -> int:
    """Number of threads that numba can use in this process."""
    from infomorphic.compiled.private_numba import config

    return max(1, int(config.NUMBA_NUM_THREADS))


def part_count(neurons: int, threads: int) -> int:
    """Number of parts to divide the neurons into: several per thread, so that an interrupted thread causes little delay."""
    return max(threads, min(8 * threads, neurons // _SMALLEST_PART))


def on_threads(count: int, work: Callable[..., Any], *arguments: Any) -> Any:
    """Run a compiled function with its parallel loops on `count` threads. Each thread takes the next iteration when it is free."""
    import numba

    # A plain function with as few calls as possible: it runs five times per training step, when its code is no longer in the cache.
    with _one_at_a_time:
        before = numba.get_num_threads()
        if before != count:
            numba.set_num_threads(count)
        chunk_before = numba.set_parallel_chunksize(1)
        try:
            return work(*arguments)
        finally:
            numba.set_parallel_chunksize(chunk_before)
            if before != count:
                numba.set_num_threads(before)


def for_ranges(work: Callable[..., Any], work_in_parallel: Callable[..., Any], arguments: Sequence[Any], count: int, numbers: int) -> None:
    """Run a compiled function on the range from 0 to `count`, on several threads if this is faster.

    Args:
        work: called as `work(*arguments, 0, count)` on this thread.
        work_in_parallel: called as `work_in_parallel(*arguments, parts)`; does the same in this many parallel parts.
        arguments: the arguments of both.
        count: the number of neurons.
        numbers: number of values processed per neuron.
    """
    threads = thread_count(count * numbers // _WORTH_A_THREAD)
    if threads == 1:
        # Without OpenMP: a process that has used it can no longer fork workers.
        work(*arguments, 0, count)
    else:
        on_threads(threads, work_in_parallel, *arguments, part_count(count, threads))
