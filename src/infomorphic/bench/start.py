"""How long a training takes to start, from an empty cache of compiled code and from a full one."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from infomorphic.errors import RunError


class Start(NamedTuple):
    """Median seconds from the start of `infomorphic train` to the end of its first epoch, with imports, data and metrics."""

    cold: float
    """With an empty cache of compiled code, as on a new machine."""
    warm: float


def start_seconds(arguments: Sequence[str], repeats: int = 5) -> Start:
    """Start `infomorphic train` with these arguments several times, from an empty and from a full cache in turn; see `Start`."""
    cold, warm = [], []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            cold.append(_until_first_epoch(arguments, Path(folder), "cold"))
            warm.append(_until_first_epoch(arguments, Path(folder), "warm"))
    return Start(round(statistics.median(cold), 2), round(statistics.median(warm), 2))


def _until_first_epoch(arguments: Sequence[str], folder: Path, run: str) -> float:
    command = [sys.executable, "-m", "infomorphic", "train", *arguments, "--epochs", "1", "--run", str(folder / run)]
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "cache")}
    started = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        printed, taken = [], None
        for line in process.stderr:
            printed.append(line)
            if taken is None and line.startswith("epoch 1/1"):
                taken = time.perf_counter() - started
    if taken is None or process.returncode:
        raise RunError(f"`infomorphic train {' '.join(arguments)}` failed:\n{''.join(printed)}")
    return taken
