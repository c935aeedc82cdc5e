"""Running a compiled function that releases the interpreter lock on several ranges at once."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, TypeVar

import torch

T = TypeVar("T")


# At about one nanosecond a number this is some hundred microseconds, ten times what handing work over costs.
_WORTH_A_THREAD = 2**17


@lru_cache(maxsize=1)
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="infomorphic")


# The threads of a pool do not survive in a forked child; it makes a pool of its own.
os.register_at_fork(after_in_child=_pool.cache_clear)


def for_ranges(work: Callable[..., T], arguments: Sequence[Any], count: int, numbers: int) -> list[T]:
    """The results of `work(*arguments, start, stop)` over ranges that cover 0 to `count`, on as many threads as torch uses.

    Args:
        work: compiled, without the interpreter lock.
        arguments: what `work` takes before the range.
        count: the end of the last range.
        numbers: how many numbers are worked on for each of `count`: too few are not worth another thread.

    One range is done by the calling thread. An exception of any range is raised.
    """
    threads = max(1, min(torch.get_num_threads(), count * numbers // _WORTH_A_THREAD))
    if threads == 1:
        return [work(*arguments, 0, count)]
    edges = [count * i // threads for i in range(threads + 1)]
    others = [_pool(threads - 1).submit(work, *arguments, edges[i], edges[i + 1]) for i in range(1, threads)]
    return [work(*arguments, edges[0], edges[1]), *(other.result() for other in others)]
