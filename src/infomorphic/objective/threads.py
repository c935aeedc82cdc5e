"""Running the compiled kernel on as many threads as torch uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import numba
import torch
from numba.core import config

# One of numba's threading layers, "workqueue", ends the process when two threads enter it at once.
_one_at_a_time = Lock()
# Neurons, at about 12 µs each, against some 10 µs to set up the working memory of a part.
_SMALLEST_PART = 16


def thread_count(neurons: int) -> int:
    """How many threads to use for this many neurons: torch's number, as far as numba has threads and there is work."""
    return max(1, min(torch.get_num_threads(), int(config.NUMBA_NUM_THREADS), neurons))


def part_count(neurons: int, threads: int) -> int:
    """Into how many parts to cut the neurons: several a thread, so that one that the system interrupts holds up little."""
    return max(threads, min(8 * threads, neurons // _SMALLEST_PART))


@contextmanager
def numba_threads(count: int) -> Iterator[None]:
    """Have compiled parallel loops run on `count` threads in this block, each taking the next iteration when it is free."""
    with _one_at_a_time:
        before = numba.get_num_threads()
        numba.set_num_threads(count)
        chunk_before = numba.set_parallel_chunksize(1)
        try:
            yield
        finally:
            numba.set_parallel_chunksize(chunk_before)
            numba.set_num_threads(before)
