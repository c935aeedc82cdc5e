"""Several workers on one machine: one process each, supervised by this one."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for_any
from multiprocessing.process import BaseProcess
from typing import Any

from optuna.trial import FrozenTrial, TrialState

from infomorphic.errors import StudyError
from infomorphic.interruption import exit_status, interruptible
from infomorphic.limits import MOST_TRIALS, MOST_WORKERS, available_cores
from infomorphic.studies.engine.cells import failure_of
from infomorphic.studies.engine.life import WORKER, Watch
from infomorphic.studies.engine.limits import check_number
from infomorphic.studies.engine.patience import SECONDS, hurried
from infomorphic.studies.engine.study import Status, Study
from infomorphic.studies.engine.worker import WorkInterrupted, WorkOptions, prepare, work

_POLL = 0.5
_REST = 30
_SECONDS_TO_STOP = 10
_INTERRUPTED = 130
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def work_in_processes(
    study: Study,
    workers: int | None = None,
    options: WorkOptions | None = None,
    limit: int | None = None,
    on_status: Callable[[Status], None] | None = None,
) -> None:
    """Run trials in several processes until none is left; with one worker, in this process.

    A worker that dies (killed, out of memory) is replaced, and its trial is repeated.

    Args:
        study: the study.
        workers: number of processes; default: one per core, but at most the number of trials.
        options: the options of the workers.
        limit: the largest total number of trials.
        on_status: called repeatedly, at most twice per second.

    Raises:
        StudyError: if a worker met an error that no single trial caused, such as a missing data set; with the message of the worker.
        WorkInterrupted: at Ctrl-C or SIGTERM, after the trials were returned to the queue.
    """
    options = options or WorkOptions()
    if workers is not None:
        check_number("workers", workers, 1, MOST_WORKERS)
    if limit is not None:
        check_number("trials", limit, 1, MOST_TRIALS)
    prepare(study, options)
    pending = study.status().pending
    workers = min(workers or max(1, available_cores() // options.threads), max(1, pending if limit is None else min(pending, limit)))
    if workers == 1:
        work(study, options, limit, on_status)
        return
    _Team(study, workers, options, limit, on_status or (lambda status: None)).work()


class _Team:
    """Worker processes and their supervision."""

    def __init__(self, study: Study, size: int, options: WorkOptions, limit: int | None, on_status: Callable[[Status], None]):
        self.study, self.size, self.options, self.on_status = study, size, options, on_status
        # Each gets a fresh interpreter, because threads and connections do not survive a fork.
        self.context = multiprocessing.get_context("spawn")
        self.tickets = self.context.Semaphore(limit) if limit is not None else None
        self.errors = self.context.SimpleQueue()
        self.members: list[BaseProcess] = []
        self.watch = Watch(study.definition.grace)
        self.looking = 0.0
        self.done = self.deaths = 0

    def work(self) -> None:
        try:
            with interruptible():
                for _ in range(self.size):
                    self._start_one()
                while not self._done(status := self._look()):
                    if status.pending and len(self.members) < self.size and not self._out_of_tickets():
                        self._start_one()
                    self._pause()
        except KeyboardInterrupt as stop:
            raise self._stop_in_a_hurry(exit_status(stop)) from None
        finally:
            self._stop_all()

    def _look(self) -> Status:
        """Detect ended workers, requeue their trials, and return the status of the study."""
        started = time.perf_counter()
        ended = [m for m in self.members if m.exitcode is not None]
        trials = self.study.trials()
        buried = self.study.bury(self.watch.dead([t for t in trials if t.state == TrialState.RUNNING]))
        if buried:
            trials = self.study.trials()
        if self.study.refill(trials=trials):
            trials = self.study.trials()
        status = self.study.status(trials)
        self.looking = time.perf_counter() - started
        self.on_status(status)
        self._bid_farewell(ended, buried, status)
        return status

    def _bid_farewell(self, ended: list[BaseProcess], buried: list[FrozenTrial], status: Status) -> None:
        """Remove ended workers. Raise `StudyError` if one met an error, or if they die faster than trials finish."""
        if not self.errors.empty():
            raise StudyError(self.errors.get())
        done = status.complete + status.pruned + status.failed
        if done > self.done:
            self.done, self.deaths = done, 0
        for member in ended:
            self.members.remove(member)
            if member.exitcode == 0:
                continue
            if member.exitcode == 1:
                raise StudyError("a worker process ended without an error message. Run a single worker to see the cause: `workers=1`.")
            self.deaths += 1
            if self.deaths > 3 * self.size:
                raise StudyError(
                    f"{self.deaths} worker processes died in a row without finishing a trial. The machine may have too little memory."
                )
            if self.tickets is not None and any((t.system_attrs.get(WORKER) or {}).get("pid") == member.pid for t in buried):
                self.tickets.release()  # its trial will be repeated

    def _done(self, status: Status) -> bool:
        if self.members:
            return False
        return self._out_of_tickets() or status.finished or (status.pending == 0 and not self.options.wait)

    def _start_one(self) -> None:
        arguments = (self.study.name, self.study.url, self.options, self.tickets, self.errors)
        member = self.context.Process(target=_member, args=arguments, daemon=True)
        with _environment_of_threads(self.options.threads), _deaf_to_interruption():
            member.start()
        self.members.append(member)

    def _out_of_tickets(self) -> bool:
        if self.tickets is None:
            return False
        if self.tickets.acquire(block=False):
            self.tickets.release()
            return False
        return True

    def _pause(self) -> None:
        if self.members:
            # Reading thousands of trials takes a fraction of a second of the workers' time.
            wait_for_any([m.sentinel for m in self.members], timeout=max(_POLL, _REST * self.looking))
        else:
            time.sleep(_POLL)

    def _stop_in_a_hurry(self, status: int) -> WorkInterrupted:
        """End the workers, and report what happened to their trials."""
        pids = {member.pid for member in self.members}
        with hurried(self.study.storage):
            try:
                self._stop_all()
                trials = [t for t in self.study.trials() if (t.system_attrs.get(WORKER) or {}).get("pid") in pids]
            except StudyError:
                return WorkInterrupted(stuck=len(pids), status=status)
        given_back = [t for t in trials if t.state == TrialState.FAIL and failure_of(t)["kind"] == "interrupted"]
        return WorkInterrupted(len(given_back), sum(t.state == TrialState.RUNNING for t in trials), status=status)

    def _stop_all(self) -> None:
        """End the workers; each returns its trial to the queue."""
        if not self.members:
            return
        for member in self.members:
            member.terminate()
        deadline = time.monotonic() + _SECONDS_TO_STOP
        for member in self.members:
            member.join(max(0.0, deadline - time.monotonic()))
            if member.exitcode is None:
                member.kill()
                member.join()
        self.members.clear()
        self.study.bury_gone()


def _member(name: str, url: str, options: WorkOptions, tickets: Any, errors: Any) -> None:
    """Run in a worker process."""
    from dataclasses import replace

    parent = multiprocessing.parent_process()
    assert parent is not None
    _end_with(parent)
    try:
        # The parent waits for trials of others, and starts a worker when there is something to do.
        ticket = (lambda: tickets.acquire(block=False)) if tickets is not None else (lambda: True)
        work(Study.open(name, url, patience=SECONDS), replace(options, wait=False, retry_failed=False), ticket=ticket)
    except KeyboardInterrupt:
        os._exit(_INTERRUPTED)
    except Exception as error:
        errors.put(str(error) or type(error).__name__)
        raise SystemExit(1) from error
    # Everything is stored. An orderly shutdown of torch would take one to two seconds more.
    sys.stdout.flush()
    os._exit(0)


def _end_with(parent: BaseProcess) -> None:
    """End this process when its parent ends, for whatever reason: nothing else would end it."""
    import threading

    def watch() -> None:
        wait_for_any([parent.sentinel])
        os._exit(_INTERRUPTED)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _deaf_to_interruption() -> Iterator[None]:
    """Processes started in this block ignore Ctrl-C, which a terminal sends to all; this process asks them to stop, once."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment_of_threads(count: int) -> Iterator[None]:
    """Processes started in this block compute with this many threads, on any cores."""
    wanted = {**dict.fromkeys(_THREAD_VARIABLES, str(count)), "OMP_PROC_BIND": "false"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
