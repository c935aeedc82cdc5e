"""Running the compiled kernel on as many threads as torch uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import numba
import torch

# One of numba's threading layers, "workqueue", ends the process when two threads enter it at once.
_one_at_a_time = Lock()


def thread_count(neurons: int) -> int:
    """How many threads to use for this many neurons: torch's number, as far as numba has threads and there is work."""
    return max(1, min(torch.get_num_threads(), numba.config.NUMBA_NUM_THREADS, neurons))


@contextmanager
def numba_threads(count: int) -> Iterator[None]:
    """Have compiled parallel loops run on `count` threads in this block."""
    with _one_at_a_time:
        before = numba.get_num_threads()
        numba.set_num_threads(count)
        try:
            yield
        finally:
            numba.set_num_threads(before)
