"""Upper bounds of settings, and checks that a request fits into the memory of this machine.

The bounds are far above all useful values. They exist so that a typing error gives a message, instead of a process killed by the
operating system.
"""

import math
import os
from functools import cache
from pathlib import Path

from infomorphic.errors import ConfigurationError

MOST_NEURONS = 100_000
MOST_BINS = 2**16
MOST_PRESENTATIONS = 1000
MOST_EPOCHS = 10_000_000
MOST_SAMPLES = 10_000_000
"""Maximum size of a batch and of a generated data set, and maximum number of runs that are averaged."""
MOST_SHIFT = 1000
LARGEST_IMAGE = 100_000
"""Maximum of pixels along a side."""
MOST_RATE = 1000.0
"""Maximum of learning rates and weight decays."""
MOST_THREADS = 1024
MOST_TRIALS = 100_000
LONGEST_SECONDS = 1e7
"""Maximum waiting time: a third of a year."""
MOST_WORKERS = 1024
LARGEST_SEED = 2**63 - 1
LARGEST_NUMBER = 1e6
"""Maximum magnitude of weights, bin edges and other real numbers without a more specific bound."""

_CGROUP = Path("/sys/fs/cgroup/memory.max")


def check_fits_memory(num_bytes: float, what: str, advice: str, error: type[Exception] = ConfigurationError) -> None:
    """Raise `error` if `num_bytes` exceeds the memory of this machine. Allocating more might kill the process.

    Args:
        num_bytes: an estimate of the memory that is needed.
        what: the subject of the message.
        advice: a sentence on what to do instead.
        error: the exception to raise.
    """
    available = memory_bytes()
    if num_bytes > available:
        raise error(f"{what} must fit into memory; got about {_gib(num_bytes)}, and this machine has {_gib(available)}. {advice}")


def check_network_fits(num_weights: int) -> None:
    """Raise `ConfigurationError` if training a network with this many weights does not fit into the memory of this machine."""
    # In single precision: each weight with a gradient and two moments of Adam.
    what = f"a network of about {num_weights:,} weights, with its gradients and optimizer state,"
    check_fits_memory(16 * num_weights, what, "Choose fewer neurons, or fewer connections between them.")


@cache
def memory_bytes() -> float:
    """The memory of this machine or of the container, in bytes; infinite if the system does not report it."""
    try:
        machine = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return math.inf
    try:
        return min(machine, float(_CGROUP.read_text()))
    except (OSError, ValueError):  # no container, or a container without a limit: then the file contains "max"
        return machine


def _gib(num_bytes: float) -> str:
    return f"{num_bytes / 2**30:,.1f} GiB" if num_bytes < 1e18 else "more than a billion GiB"


def available_cores() -> int:
    """The cores that this process may use: often fewer than the machine has, under a job scheduler."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
