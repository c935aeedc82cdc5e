"""Running compiled functions on as many threads as torch uses.

The kernels work on ranges of neurons, so a function on several threads is the same function on several ranges; no result
depends on how many there are. Of the ways to use two cores, numba's OpenMP layer is the only one that costs nothing next
to torch's products (measured in `infomorphic.objective.kernel.entry`).
"""

from collections.abc import Callable, Sequence
from functools import cache
from threading import Lock
from typing import Any

import torch

# One of numba's threading layers, "workqueue", ends the process when two threads enter it at once.
_one_at_a_time = Lock()
# At one to three nanoseconds a number these are some 30 µs a thread, where waking a team takes some 5. In a step of 100 neurons on two
# cores 2^17 takes 8.8 ms, 2^16 8.8, 2^15 8.3 and 2^14 8.2 (backpropagation in the same run 12.2).
_WORTH_A_THREAD = 2**14
# Neurons, at about 12 µs each for the objective, against some 10 µs to set up the working memory of a part.
_SMALLEST_PART = 16


def thread_count(neurons: int) -> int:
    """How many threads to use for this many neurons: torch's number, as far as numba has threads and there is work."""
    return 1 if neurons <= 1 else min(torch.get_num_threads(), _numba_has(), neurons)


@cache
def _numba_has() -> int:
    """How many threads numba can have in this process."""
    from numba.core import config

    return max(1, int(config.NUMBA_NUM_THREADS))


def part_count(neurons: int, threads: int) -> int:
    """Into how many parts to cut the neurons: several a thread, so that one that the system interrupts holds up little."""
    return max(threads, min(8 * threads, neurons // _SMALLEST_PART))


def on_threads(count: int, work: Callable[..., Any], *arguments: Any) -> Any:
    """Run a compiled function with its parallel loops on `count` threads, each taking the next iteration when it is free."""
    import numba

    # A plain function with as few calls as will do: it runs five times in a training step, with the code out of the caches.
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
    """Run a compiled function on the range from 0 to `count`, on several threads if that is worth it.

    Args:
        work: called as `work(*arguments, 0, count)` on this thread.
        work_in_parallel: called as `work_in_parallel(*arguments, parts)`; does the same in that many parts at once.
        arguments: what both take.
        count: the number of neurons.
        numbers: how many numbers are worked on for each of them.
    """
    threads = thread_count(count * numbers // _WORTH_A_THREAD)
    if threads == 1:
        # Without OpenMP: a process that has once used it cannot fork workers any more.
        work(*arguments, 0, count)
    else:
        on_threads(threads, work_in_parallel, *arguments, part_count(count, threads))
