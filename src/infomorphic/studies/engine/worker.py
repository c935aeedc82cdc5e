"""A worker: takes trials from a study one after another and runs them in this process."""

import platform
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optuna.exceptions import TrialPruned

from infomorphic.errors import InfomorphicError, RunError, StudyError
from infomorphic.interruption import exit_status, interruptible
from infomorphic.limits import MOST_THREADS
from infomorphic.studies.engine.cells import CELL
from infomorphic.studies.engine.life import Heart, Watch, Worker
from infomorphic.studies.engine.limits import check_number
from infomorphic.studies.engine.patience import hurried
from infomorphic.studies.engine.source import this_source
from infomorphic.studies.engine.space import Search
from infomorphic.studies.engine.study import Status, Study
from infomorphic.studies.engine.trial import TrialContext, TrialLostError, not_finite

if TYPE_CHECKING:
    import optuna

_POLL = 1.0


class WorkInterrupted(KeyboardInterrupt):
    """Ctrl-C or SIGTERM during work on a study.

    Args:
        given_back: number of trials returned to the queue, for any worker.
        stuck: number of trials that could not be returned, because the storage did not answer; they are taken over after the grace period.
        status: the exit status of a process that this ends.
    """

    def __init__(self, given_back: int = 0, stuck: int = 0, *, status: int):
        super().__init__()
        self.given_back, self.stuck, self.status = given_back, stuck, status


@dataclass(frozen=True)
class WorkOptions:
    """Options of workers."""

    data_dir: Path | None = None
    threads: int = 1
    """Threads per worker."""
    keep_runs: Path | None = None
    """Keep run directories in this folder."""
    any_code: bool = False
    """Work even if other code created the study."""
    retry_failed: bool = False
    """Retry failed trials, once."""
    wait: bool = True
    """When the queue is empty but others still run trials, wait, to take over from workers that die."""


def prepare(study: Study, options: WorkOptions) -> None:
    """Check that this code may work on the study, and requeue the trials of dead workers of this machine."""
    check_number("threads", options.threads, 1, MOST_THREADS)
    if not options.any_code:
        study.definition.check_source(study.name)
    study.bury_gone()
    study.refill(options.retry_failed)


def work(
    study: Study,
    options: WorkOptions | None = None,
    limit: int | None = None,
    on_status: Callable[[Status], None] | None = None,
    ticket: Callable[[], bool] = lambda: True,
) -> int:
    """Run trials until none is left, and return the number that ended here with a result.

    Args:
        study: the study.
        options: the options.
        limit: the largest number of trials.
        on_status: called at the start and after every trial.
        ticket: called before each trial; returns whether one more may be taken.

    Raises:
        StudyError: if other code created the study.
        WorkInterrupted: at Ctrl-C or SIGTERM, after the trial was returned to the queue.
        Exception: any error that the trial itself did not cause, such as a missing data set; the trial is returned to the queue.
    """
    options = options or WorkOptions()
    try:
        return _work(study, options, limit, on_status, ticket)
    except KeyboardInterrupt as stop:
        raise _stopped(study, exit_status(stop)) from None


def _work(
    study: Study, options: WorkOptions, limit: int | None, on_status: Callable[[Status], None] | None, ticket: Callable[[], bool]
) -> int:
    prepare(study, options)
    me, watch, done = Worker.this_process(), Watch(study.definition.grace), 0
    report_status = (lambda: on_status(study.status())) if on_status else (lambda: None)
    report_status()
    with _threads(options.threads), interruptible():
        while (limit is None or done < limit) and ticket():
            trial = study.claim(me)
            while trial is None:
                # Another machine's dead worker may leave trials to run.
                running = study.running()
                study.bury(watch.dead(running))
                if not study.refill():
                    if not running or not options.wait:
                        return done
                    time.sleep(min(_POLL, study.definition.grace / 4))
                trial = study.claim(me)
            done += _do(study, trial, options)
            report_status()
    return done


def _do(study: Study, trial: "optuna.Trial", options: WorkOptions) -> bool:
    """Run one trial and record its end; return whether it has a result."""
    trial_id, started = trial._trial_id, time.perf_counter()
    with Heart(study.storage, trial_id, study.definition.grace) as heart:
        reported = 0

        def on_step(step: int, value: float) -> None:
            nonlocal reported
            if heart.lost.is_set():
                raise TrialLostError
            # Trainings also report within an epoch, with the last complete one; Optuna takes each step once.
            if isinstance(study.space, Search) and step > reported and value == value:
                reported = step
                trial.report(value, step)
                if trial.should_prune():
                    raise TrialPruned

        cell = f"{study.name}-{trial.user_attrs[CELL]:05d}"
        context = TrialContext(f"{cell}-{trial.number}", options.data_dir, options.keep_runs, on_step, cell)
        try:
            params = study.params_for(trial)
            metrics = dict(study.kind.run(study.settings, params, context))
            seconds = time.perf_counter() - started
            if bad := not_finite(metrics):
                return study.give_back(trial_id, "failed", f"{', '.join(f'{m} is {metrics[m]}' for m in bad[:3])}: not a finite number")
            return study.finish(trial_id, metrics, seconds, _machine(options.threads))
        except TrialPruned:
            return study.prune(trial_id, time.perf_counter() - started)
        except TrialLostError:
            study.claimed = None
            return False
        except RunError as error:
            return study.give_back(trial_id, "failed", str(error))
        except (InfomorphicError, OSError) as error:
            study.give_back(trial_id, "returned", str(error))
            raise
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            study.give_back(trial_id, "died", f"{type(error).__name__}: {error} ({Path(where.filename).name}:{where.lineno})")
            raise


def _stopped(study: Study, status: int) -> WorkInterrupted:
    """Return the claimed trial to the queue, quickly."""
    trial_id, study.claimed = study.claimed, None
    if trial_id is None:
        return WorkInterrupted(status=status)
    with hurried(study.storage):
        try:
            return WorkInterrupted(int(study.give_back(trial_id, "interrupted", "its worker was stopped")), status=status)
        except StudyError:
            return WorkInterrupted(stuck=1, status=status)


@cache
def _machine(threads: int) -> dict[str, Any]:
    from infomorphic.training.run import environment_of_process

    kept = ("python", "torch", "numpy", "numba", "platform", "processor", "cores")
    known = environment_of_process()
    source = this_source()
    return {
        **{k: known[k] for k in kept},
        "threads": threads,
        "machine": platform.node(),
        "version": source.version,
        "commit": source.commit,
        "checksum": source.checksum,
    }


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Compute with this many threads in this block."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
