"""Upper bounds of what can be set, and whether what is asked for can fit into the memory of this machine.

The bounds are far above what anybody has a use for. They are there so that a slip of the finger is answered by a sentence, and not by
a process that the system ends.
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
"""Of a batch, of a data set that is drawn, and of runs that are averaged over."""
MOST_RATE = 1000.0
"""Of learning rates and weight decays."""
MOST_THREADS = 1024
MOST_TRIALS = 100_000
LONGEST_SECONDS = 1e7
"""Of waiting: a third of a year."""
MOST_WORKERS = 1024
LARGEST_SEED = 2**63 - 1
LARGEST_NUMBER = 1e6
"""Of weights, edges of bins and other real numbers that have no bound of their own."""

_CGROUP = Path("/sys/fs/cgroup/memory.max")


def check_fits_memory(num_bytes: float, what: str, advice: str, error: type[Exception] = ConfigurationError) -> None:
    """Raise `error` if `num_bytes` are more than the memory of this machine: asking the system for them may end the process.

    Args:
        num_bytes: an estimate; what is above it is left to the system.
        what: the subject of the sentence.
        advice: a sentence on what to do instead.
        error: the exception to raise.
    """
    available = memory_bytes()
    if num_bytes > available:
        raise error(f"{what} must fit into memory; got about {_gib(num_bytes)}, and this machine has {_gib(available)}. {advice}")


def check_network_fits(num_weights: int) -> None:
    """Raise `ConfigurationError` if a network of so many weights cannot be trained in the memory of this machine."""
    # In single precision, each with a gradient and two moments of Adam.
    what = f"a network of about {num_weights:,} weights, and what it is trained with,"
    check_fits_memory(16 * num_weights, what, "Choose fewer neurons, or fewer connections between them.")


@cache
def memory_bytes() -> float:
    """The memory of this machine, or of the container; infinite where the system does not report it."""
    try:
        machine = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return math.inf
    try:
        return min(machine, float(_CGROUP.read_text()))
    except (OSError, ValueError):  # no container, or one without a bound, for which the file says "max"
        return machine


def _gib(num_bytes: float) -> str:
    return f"{num_bytes / 2**30:,.1f} GiB" if num_bytes < 1e18 else "more than a billion GiB"
