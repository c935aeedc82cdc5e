"""Signs of life: a running trial counts up, and whoever sees the count stand still for too long gives the trial to another worker.

Optuna's own heartbeat exists for relational storages only, and loses a trial if the process that has found it dead dies before it is
queued again. This one needs no more than an attribute, and compares no clocks of different machines.
"""

import os
import socket
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import FrozenTrial

from infomorphic.errors import StudyError

if TYPE_CHECKING:
    from optuna.storages import BaseStorage

BEAT, WORKER = "infomorphic:beat", "infomorphic:worker"
_BEATS_IN_GRACE = 8
_SECONDS_TO_STOP = 2.0


@dataclass(frozen=True)
class Worker:
    """Who runs a trial."""

    id: str
    host: str
    place: str
    """Where process numbers mean what they mean here: the booted system and its namespace of processes."""
    pid: int
    started: str
    """When the process started, since its number may be used again."""

    @classmethod
    def this_process(cls) -> "Worker":
        """A new identity for this process."""
        return cls(uuid.uuid4().hex, socket.gethostname(), _place(), os.getpid(), _start_of(os.getpid()))


def is_gone(record: Any) -> bool:
    """Whether the process of a worker's record ran here and is no more. False if that cannot be known."""
    if not isinstance(record, dict) or record.get("place") != _place() or not _place():
        return False
    return _start_of(int(record["pid"])) != record["started"]


class Heart:
    """Counts up an attribute of a running trial until the block ends, and learns if the trial was given to another worker."""

    def __init__(self, storage: "BaseStorage", trial_id: int, grace: float):
        self.storage, self.trial_id = storage, trial_id
        self.interval = grace / _BEATS_IN_GRACE
        self.lost = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> "Heart":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        # A beat that waits for a storage which does not answer must not keep its process from ending.
        self._thread.join(_SECONDS_TO_STOP)

    def _beat(self) -> None:
        count = 0
        try:
            while not self._stop.wait(self.interval):
                count += 1
                try:
                    self.storage.set_trial_system_attr(self.trial_id, BEAT, count)
                except UpdateFinishedTrialError:
                    self.lost.set()
                    return
                except StudyError:
                    # The storage is silent for so long that others have taken over; the next call of the worker says so.
                    return
        finally:
            self.storage.remove_session()


class Watch:
    """Remembers when each running trial last gave a sign of life, by the clock of this process."""

    def __init__(self, grace: float):
        self.grace = grace
        self._seen: dict[int, tuple[object, float]] = {}

    def dead(self, running: Iterable[FrozenTrial]) -> list[FrozenTrial]:
        """Of the running trials those whose worker is gone from this machine or was silent for longer than the grace period."""
        now = time.monotonic()
        found = []
        for trial in running:
            worker, beat = trial.system_attrs.get(WORKER), trial.system_attrs.get(BEAT)
            before, since = self._seen.get(trial.number, (object(), now))
            if before != (worker, beat):
                self._seen[trial.number] = ((worker, beat), now)
                since = now
            if is_gone(worker) or now - since > self.grace:
                found.append(trial)
        return found


@cache
def _place() -> str:
    """Empty where it cannot be told: then no process is ever taken for gone before its grace period is over."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def _start_of(pid: int) -> str:
    """When a process started, in ticks since boot; empty if there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    # A zombie has ended; only its parent has not asked how.
    return "" if fields[0] == "Z" else fields[19]
