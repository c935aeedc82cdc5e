"""Heartbeats: a running trial increments a counter; if the counter stops for too long, another process requeues the trial.

Optuna's own heartbeat works only with relational storages, and loses a trial if the process that found it dead dies before it is
queued again. This one needs only an attribute, and does not compare clocks of different machines.
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
    """The identity of a process that runs trials."""

    id: str
    host: str
    place: str
    """The scope of process numbers: the booted system and its process namespace."""
    pid: int
    started: str
    """When the process started, because process numbers are reused."""

    @classmethod
    def this_process(cls) -> "Worker":
        """A new identity for this process."""
        return cls(uuid.uuid4().hex, socket.gethostname(), _place(), os.getpid(), _start_of(os.getpid()))


def is_gone(record: Any) -> bool:
    """Whether the process in a worker's record ran on this machine and has ended. False if unknown."""
    if not isinstance(record, dict) or record.get("place") != _place() or not _place():
        return False
    return _start_of(int(record["pid"])) != record["started"]


class Heart:
    """Increments an attribute of a running trial until the block ends, and detects if the trial was given to another worker."""

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
        # A heartbeat that waits for a silent storage must not keep its process alive.
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
                    # The storage was silent for so long that others took over; the worker's next call reports it.
                    return
        finally:
            self.storage.remove_session()


class Watch:
    """Records when each running trial last sent a heartbeat, by the clock of this process."""

    def __init__(self, grace: float):
        self.grace = grace
        self._seen: dict[int, tuple[object, float]] = {}

    def dead(self, running: Iterable[FrozenTrial]) -> list[FrozenTrial]:
        """The running trials whose worker has ended on this machine or was silent for longer than the grace period."""
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
    """Empty if unknown: then no process counts as ended before its grace period is over."""
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
    # A zombie has ended; its parent has not collected its status.
    return "" if fields[0] == "Z" else fields[19]
