"""Training in several processes: started here on this machine, or by torchrun on one or several."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from infomorphic.cli.stopping import reached
from infomorphic.errors import ConfigurationError, ProcessLostError
from infomorphic.interruption import Terminated, exit_status
from infomorphic.limits import available_cores

if TYPE_CHECKING:
    from infomorphic.parallel import Processes

_MEETING, _SUPERVISOR = "INFOMORPHIC_MEETING", "INFOMORPHIC_SUPERVISOR"
"""Set in processes that were started here: a file in which they find each other, and a pipe that closes when their parent ends."""
_TORCHRUN = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
_RUN = "run"
_POLL = 0.05
_SECONDS_TO_NOTICE = 60
"""In which process 0 ends by itself after another one has: it notices at the next exchange."""
_SECONDS_TO_STOP = 20


class Member(NamedTuple):
    """The place of this process among several."""

    rank: int
    size: int
    meeting: Path | None
    """The file in which processes of one machine find each other; None under torchrun."""


def in_processes(
    arguments: Sequence[str],
    wanted: int | None,
    threads: int | None,
    data_dir: Path | None,
    train: Callable[[Processes, Callable[[Path], None]], None],
) -> None:
    """Train in this process, alone or as one of several; or start several and wait for them.

    Args:
        arguments: the command line.
        wanted: the number of processes that the user asked for.
        threads: the number of threads that the user asked for.
        data_dir: where data sets are.
        train: the training as process 0. It is given all processes, and a function to call with the run directory.
    """
    member = _member(wanted)
    if member is None and (wanted or 1) > 1:
        assert wanted is not None
        raise typer.Exit(_launched(arguments, wanted, threads))
    from infomorphic.parallel import ALONE, joined

    if member is None:
        train(ALONE, lambda directory: None)
        return
    _end_with_supervisor()
    if member.rank == 0:
        with joined(*member) as processes:
            train(processes, lambda directory: _note(member.meeting, directory))
        return
    from infomorphic.training import follow

    # Process 0 reports for all, also why another one failed.
    try:
        with warnings.catch_warnings(), joined(*member) as processes:
            warnings.simplefilter("ignore")
            follow(processes, data_dir)
    except KeyboardInterrupt as stop:
        raise typer.Exit(exit_status(stop)) from stop
    except Exception as error:
        raise typer.Exit(1) from error


def _member(wanted: int | None) -> Member | None:
    """The place of this process, if it was started as one of several; None if it is alone.

    Raises:
        ConfigurationError: if the environment is not that of torchrun, or has another number of processes than the user asked for.
    """
    meeting = os.environ.get(_MEETING)
    if not all(name in os.environ for name in (_TORCHRUN[:2] if meeting else _TORCHRUN)):
        return None
    given = {name: os.environ[name] for name in ("RANK", "WORLD_SIZE")}
    rank, size = (int(value) if value.isdecimal() else -1 for value in given.values())
    if not 0 <= rank < size:
        raise ConfigurationError(
            f"RANK and WORLD_SIZE must be the number of a process and how many there are, as torchrun sets them; got {given['RANK']!r} "
            f"and {given['WORLD_SIZE']!r}. Unset them to train in one process."
        )
    if wanted is not None and wanted != size:
        raise ConfigurationError(f"`processes` must be {size}, as many as torchrun started; got {wanted}. Leave it out.")
    return Member(rank, size, Path(meeting) if meeting else None) if size > 1 else None


def _launched(arguments: Sequence[str], count: int, threads: int | None) -> int:
    """Run this command in several processes of this machine, and return the exit status of process 0.

    Raises:
        ProcessLostError: if process 0 was lost. If another one was, process 0 reports it.
    """
    environment = {**os.environ, "WORLD_SIZE": str(count)}
    if threads is None and "OMP_NUM_THREADS" not in environment:
        environment["OMP_NUM_THREADS"] = str(max(1, available_cores() // count))
    if sys.platform == "linux":
        # The name of a machine may not resolve to an address of it; nothing outside needs to reach these processes.
        environment.setdefault("GLOO_SOCKET_IFNAME", "lo")
    reading, writing = os.pipe()
    workers: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryDirectory(prefix="infomorphic-") as folder:
        meeting = Path(folder) / "meeting"
        try:
            for rank in range(count):
                own = {"RANK": str(rank), _MEETING: str(meeting), _SUPERVISOR: str(reading)}
                # In a session of its own, a process receives no signal of the terminal: this one forwards it, to process 0 alone.
                workers.append(
                    subprocess.Popen(
                        [sys.executable, "-P", "-m", "infomorphic", *arguments],
                        env={**environment, **own},
                        pass_fds=(reading,),
                        start_new_session=True,
                        stdin=subprocess.DEVNULL,
                        stdout=None if rank == 0 else subprocess.DEVNULL,
                    )
                )
            status = _status_of_first(workers)
        except KeyboardInterrupt as stop:
            if not workers:
                raise
            workers[0].send_signal(signal.SIGTERM if isinstance(stop, Terminated) else signal.SIGINT)
            try:
                status = workers[0].wait(_SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                raise stop from None
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
            os.close(reading)
            os.close(writing)
        if status >= 0:
            return status
        noted = Path(folder) / _RUN
        where = reached(Path(noted.read_text())) if noted.exists() else "nothing was trained or written yet."
        raise ProcessLostError(f"one of the {count} processes was lost; {where}")


def _status_of_first(workers: Sequence[subprocess.Popen[bytes]]) -> int:
    """Wait until process 0 ends, for at most a minute after another one failed."""
    first, others = workers[0], workers[1:]
    deadline = None
    while (status := first.poll()) is None:
        if deadline is None and any(other.poll() not in (None, 0) for other in others):
            deadline = time.monotonic() + _SECONDS_TO_NOTICE
        if deadline is not None and time.monotonic() > deadline:
            first.kill()
        time.sleep(_POLL)
    return status


def _note(meeting: Path | None, directory: Path) -> None:
    """Tell the parent of this process where the run is."""
    if meeting is not None:
        (meeting.parent / _RUN).write_text(str(directory))


def _end_with_supervisor() -> None:
    """End this process when the one that started it ends, for whatever reason: nothing else would end it."""
    if _SUPERVISOR not in os.environ:
        return
    reading = int(os.environ[_SUPERVISOR])

    def watch() -> None:
        os.read(reading, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
