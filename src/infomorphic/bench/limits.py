"""How far the parts of a training step are from what the machine can do: matrix products, and bytes from and to memory."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch.autograd.profiler import profile

_PRODUCTS = ("aten::mm", "aten::addmm", "aten::bmm")
_PROFILED_STEPS = 5
_SIDE = 1024
_COPIED = 2**25


@dataclass(frozen=True)
class Part:
    """A part of a training step, with its rate and the largest rate that was measured on this machine in the same run."""

    name: str
    ms: float
    rate: float
    limit: float
    unit: str
    """GFLOP/s, or GB/s that must be read or written at least."""


def products(step: Callable[[int], object], steps: int) -> Part | None:
    """The dense matrix products of a training step, `steps` per call, compared with a product of square matrices; None if there are none."""
    os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # otherwise torch's profiler prints lines on stderr
    recorded = profile(with_flops=True, use_kineto=False)
    with recorded:
        for i in range(_PROFILED_STEPS):
            step(i)
    found = [event for event in recorded.key_averages() if event.key in _PRODUCTS]
    seconds = sum(event.self_cpu_time_total for event in found) / 1e6
    if not seconds:
        return None
    flops = sum(event.flops for event in found)
    a = torch.randn(_SIDE, _SIDE)
    fastest = 2 * _SIDE**3 / _shortest(lambda: a @ a)
    return Part("matrix products", 1e3 * seconds / (_PROFILED_STEPS * steps), flops / seconds / 1e9, fastest / 1e9, "GFLOP/s")


def in_memory(name: str, ms: float, numbers: int) -> Part:
    """A part that must read or write this many float32 numbers, compared with copying a large array."""
    source, target = torch.zeros(_COPIED), torch.zeros(_COPIED)
    fastest = 2 * source.nbytes / _shortest(lambda: target.copy_(source))
    return Part(name, ms, 4 * numbers / (ms / 1e3) / 1e9, fastest / 1e9, "GB/s")


def _shortest(function: Callable[[], object], repeats: int = 5) -> float:
    """The shortest time of a call in seconds."""
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times[1:])
