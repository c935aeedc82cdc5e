"""The training loop: epochs of a task, each followed by its metrics and a complete checkpoint."""

import json
import math
import resource
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import torch

from infomorphic import plugins
from infomorphic.errors import ConfigurationError, InfomorphicWarning, ObjectiveInputError, RunError
from infomorphic.objective import needs_compilation
from infomorphic.parallel import ALONE, Division, Processes
from infomorphic.quoting import quoted
from infomorphic.training.checkpoint import Checkpoint
from infomorphic.training.config import TrainConfig
from infomorphic.training.development import Development
from infomorphic.training.history import History
from infomorphic.training.lock import locked
from infomorphic.training.optimizer import state_tensors
from infomorphic.training.own_files import check_unchanged
from infomorphic.training.run import Run
from infomorphic.training.task import Summary

Stored = TypeVar("Stored", History, Development)
Phase = Literal["reading the data", "compiling", "training"]
# The pace is the median of the last records; the minimum number, because the first includes one-time work.
_RECENT, _ENOUGH = 10, 3
_SECONDS_BETWEEN_REPORTS = 0.2


@dataclass(frozen=True)
class Progress:
    """The progress of a training."""

    epoch: int
    """The last recorded epoch."""
    epochs: int
    metrics: dict[str, Any]
    """The last record; empty before the first."""
    seconds_left: float
    """Seconds left at the median pace of the last ten records; NaN before the third."""
    phase: Phase = "training"
    done: float = 0.0
    """Epochs trained so far, including the fraction of the current one."""


def fit(
    config: TrainConfig,
    path: Path,
    data_dir: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    processes: Processes = ALONE,
) -> Summary:
    """Train from the start and write everything into a new run directory.

    Args:
        config: the configuration.
        path: the run directory to create. It is created after the data are checked, so a mistake leaves nothing behind.
        data_dir: where data sets are; see `infomorphic.data.load_dataset`.
        on_progress: called in every phase, occasionally within an epoch, and after every record.
        processes: the processes among which the neurons are divided. This is process 0; the others call `follow`.

    Raises:
        ConfigurationError, DataError: if the configuration and the data do not fit, or the network cannot be divided.
        RunError: if `path` exists already, or weights become non-finite.
        ProcessLostError: if another process ends. The run can be continued.
    """
    Run.check_free(path)
    training = _Training(config, data_dir, on_progress)
    training.lead(processes, path, data_dir)
    with locked(path):
        return training.go(Run.create(path, training.config, data_dir))


def resume(
    run: Run,
    epochs: int | None = None,
    data_dir: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    processes: Processes = ALONE,
) -> Summary:
    """Continue from the last complete checkpoint, with bit-identical results; or extend a finished run.

    A run that was interrupted before its first checkpoint starts over. Files whose writing was interrupted are completed.

    Args:
        run: the run directory.
        epochs: the total number of epochs, if different from the configured one.
        data_dir: where data sets are; None for the folder that the run was made with.
        on_progress: as for `fit`.
        processes: as for `fit`; any number, whatever it was before.

    Raises:
        RunError: if the checkpoint is damaged or was trained with another configuration, or another process trains this run.
        ConfigurationError, DataError: if the configuration and the data do not fit, or the network cannot be divided.
        ProcessLostError: if another process ends. The run can be continued.
    """
    with locked(run.path):
        config = written = run.config
        check_unchanged(config, run.environment.get("files"), str(run.path))
        checkpoint = run.load_checkpoint() if run.has_begun else None
        reached = checkpoint.epoch if checkpoint else 0
        if epochs is not None and epochs != config.training.epochs:
            if epochs < reached:
                raise RunError(f"{run.path} has {reached} epochs already; `epochs` must be at least that; got {epochs}.")
            config = config.with_training(epochs=epochs)
        if config.training.epochs < reached:
            raise RunError(
                f"{run.path} has {reached} epochs, but its config.yaml has `epochs: {config.training.epochs}`. Set it to at least {reached}."
            )
        training = _Training(config, run.data_dir(data_dir), on_progress, reached)
        if checkpoint is not None:
            training.restore(run, checkpoint)
        training.lead(processes, run.path, run.data_dir(data_dir), checkpoint)
        # Written after the last check that can fail.
        run.remove_partial_files()
        if config is not written:
            run.replace_config(config)
        if checkpoint is not None:
            run.complete_metrics(checkpoint)
        elif not (run.path / "environment.json").exists():
            run.write_environment(config, data_dir)
        return training.go(run)


def follow(processes: Processes, data_dir: Path | None = None) -> None:
    """Train a part of the neurons of the network that process 0 trains, until its training ends. Nothing is written.

    Args:
        processes: the processes among which the neurons are divided.
        data_dir: where data sets are on this machine; None for the folder that process 0 uses.

    Raises:
        ConfigurationError, DataError: if the configuration and the data do not fit.
        ProcessLostError: if another process ends.
    """
    start = json.loads(processes.from_first())
    checkpoint = _received(processes.from_first())
    torch.set_num_threads(start["threads"])
    found = data_dir or (Path(start["data_dir"]) if start["data_dir"] else None)
    training = _Training(TrainConfig.make(start["config"]), found, epoch=checkpoint.epoch if checkpoint else 0)
    if checkpoint is not None:
        checkpoint.restore(training.task.network)
        training.continue_after(checkpoint)
    training.division = training.task.divide(processes)
    training.place = start["run"]
    training.go(None)


class _Training:
    """The training of one task."""

    run: Run | None = None
    """Where it is stored; None in a process that stores nothing."""
    place: str
    """The run directory, for messages."""
    division: Division | None = None
    """Which neurons this process has; None if all."""

    def __init__(self, config: TrainConfig, data_dir: Path | None, on_progress: Callable[[Progress], None] | None = None, epoch: int = 0):
        started = time.perf_counter()
        restart_peak_memory()
        _check_device(config.training.device)
        self.report = on_progress or (lambda progress: None)
        self.report(Progress(epoch, config.training.epochs, {}, math.nan, "reading the data", epoch))
        with _code_of(config):
            self.task = config.task(config.sections, data_dir)
        self.config = config.model_copy(update={"training": self.task.sections.training})
        self.epoch = epoch
        self.metrics: list[dict[str, Any]] = []
        self.history = History()
        self.development = Development()
        self.setup_seconds = time.perf_counter() - started

    def lead(self, processes: Processes, path: Path, data_dir: Path | None, checkpoint: Checkpoint | None = None) -> None:
        """Divide the neurons among the processes, and have the others `follow`."""
        self.place = str(path)
        if processes.size == 1:
            return
        # Before the others are told: this fails where the network cannot be divided.
        self.division = self.task.divide(processes)
        start = {
            "config": self.config.model_dump(mode="json"),
            "run": str(path),
            "data_dir": str(data_dir.expanduser().resolve()) if data_dir else None,
            "threads": torch.get_num_threads(),
        }
        processes.from_first(json.dumps(start).encode())
        processes.from_first(checkpoint.to_bytes() if checkpoint else b"")

    def restore(self, run: Run, checkpoint: Checkpoint) -> None:
        """Continue from a checkpoint, with the records of neurons in `run`."""
        checkpoint.restore(self.task.network)
        run.check_config(checkpoint)
        self.continue_after(checkpoint)
        self.history = _loaded(run.load_history, checkpoint, self.history)
        self.development = _loaded(run.load_development, checkpoint, self.development)

    def continue_after(self, checkpoint: Checkpoint) -> None:
        """Continue with the optimizer, the epoch and the metrics of a checkpoint, whose weights the network has."""
        checkpoint.restore_optimizer(self.task.optimizer)
        self.epoch = checkpoint.epoch
        self.metrics = list(checkpoint.metrics)

    def go(self, run: Run | None) -> Summary:
        """Train the remaining epochs, writing everything into `run` if there is one."""
        self.run = run
        compiles = self.config.training.device == "cpu" and needs_compilation()
        self.report(self.progress("compiling" if compiles else "training"))
        if self.epoch == 0:
            self.save()
        before = run.summary if run else {}
        done = self.epoch == before.get("epochs")
        while self.epoch < self.config.training.epochs:
            self.train_to_next_record()
            if run:
                run.remove_summary()  # it is no longer the result
            self.save()
            self.report(self.progress())
        return self.finish(before if done and self.epoch == before["epochs"] else {})

    def progress(self, phase: Phase = "training", done: float | None = None) -> Progress:
        """The progress after `done` epochs; default: the recorded ones."""
        epochs, done = self.config.training.epochs, self.epoch if done is None else done
        last = self.metrics[-1] if self.metrics else {}
        return Progress(self.epoch, epochs, last, seconds_per_epoch(self.metrics) * (epochs - done), phase, done)

    def train_to_next_record(self) -> None:
        """Train up to the next recorded epoch; records fall on the same epochs wherever the run was interrupted."""
        started = time.perf_counter()
        stride = self.config.training.epochs_a_record
        last = min(_next_record(self.epoch, stride), self.config.training.epochs)
        seen: dict[str, Any] = {}
        reported = started

        def within(done: float) -> None:
            nonlocal reported
            if (now := time.perf_counter()) - reported > _SECONDS_BETWEEN_REPORTS:
                reported = now
                self.report(self.progress(done=done))

        for epoch in range(self.epoch + 1, last + 1):
            try:
                seen = self.task.train_epoch(epoch, lambda part, before=epoch - 1: within(before + part))
            except ObjectiveInputError:
                self.check_finite(epoch)  # NaN has no bin; the message should name the cause instead
                raise
        self.check_finite(last)
        with _code_of(self.config):
            measured = self.task.measure(last)
        _check_numbers({**seen, **measured}, self.config)
        record = {"epoch": last, **seen, **measured, "seconds": round(time.perf_counter() - started, 4)}
        self.metrics.append(record)
        self.epoch = last

    def check_finite(self, epoch: int) -> None:
        """Raise `RunError` if a weight is not finite."""
        if not all(bool(p.isfinite().all()) for p in self.task.network.parameters()):
            raise RunError(
                f"weights became NaN or infinite in epoch {epoch}; the checkpoint of epoch {self.epoch} in {self.place} is kept. "
                "Try a smaller learning rate."
            )

    def save(self) -> None:
        """Save a checkpoint of the last complete epoch."""
        tensors = {f"network.{name}": t.contiguous() for name, t in self.task.network.state_dict().items()}
        tensors |= {f"optimizer.{name}": t for name, t in state_tensors(self.task.optimizer).items()}
        if self.division is not None:
            tensors = self.division.whole(tensors)
        if self.run is None:
            return
        # Before the checkpoint: a kill in between then leaves an extra record, which resuming drops, not a missing one.
        history = self.history.with_record(self.epoch, self.task.neurons)
        if history is not self.history:
            self.run.save_history(history)
        development = self.development.with_record(self.epoch, self.task.snapshots)
        if development is not self.development:
            self.run.save_development(development)
        self.history, self.development = history, development
        self.run.save_checkpoint(Checkpoint(self.epoch, tensors, self.metrics, self.config.model_dump(mode="json"), self.task.sizes))

    def finish(self, before: Mapping[str, Any]) -> Summary:
        """The summary of the current network; the cost is taken from `before` if nothing was trained since."""
        started = time.perf_counter()
        with _code_of(self.config):
            result = self.task.summarize(self.place, self.epoch)
        seconds = self.setup_seconds + sum(row["seconds"] for row in self.metrics) + time.perf_counter() - started
        summary = replace(
            result,
            seconds=_number(before.get("seconds"), round(seconds, 2)),
            peak_memory_mib=_number(before.get("peak_memory_mib"), round(peak_memory_mib(), 1)),
        )
        if self.run is not None:
            self.run.save_summary(summary.__dict__)
        return summary


def _received(content: bytes) -> Checkpoint | None:
    """The checkpoint that process 0 sent, if it sent one."""
    if not content:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint.safetensors"
        path.write_bytes(content)
        return Checkpoint.read(path)


def _loaded(load: Callable[[Checkpoint], Stored], checkpoint: Checkpoint, new: Stored) -> Stored:
    """Records of neurons; new ones, with a warning, if they are damaged: the training does not depend on them."""
    try:
        return load(checkpoint)
    except RunError as error:
        warnings.warn(InfomorphicWarning(f"{error} The training continues with a new {new.called}."), stacklevel=4)
        return new


def _next_record(epoch: int, stride: int) -> int:
    """The recorded epoch that follows: a multiple of `stride` or, before the first one, 1, 2, 5, 10, 20, 50, …, since most changes happen early."""
    early = (digit * 10**power for power in range(len(str(stride))) for digit in (1, 2, 5))
    return min([e for e in early if epoch < e < stride], default=(epoch // stride + 1) * stride)


def seconds_per_epoch(metrics: Sequence[Mapping[str, Any]]) -> float:
    """The median of the last records, which a single slow one does not change; NaN if there are too few."""
    if len(metrics) < _ENOUGH:
        return math.nan
    starts = [0, *(row["epoch"] for row in metrics[:-1])]
    paces = [row["seconds"] / (row["epoch"] - start) for row, start in zip(metrics, starts, strict=True)]
    return statistics.median(paces[-_RECENT:])


def _code_of(config: TrainConfig) -> AbstractContextManager[None]:
    """In this context, what goes wrong in a task in a user's own file is a `PluginError` with the line."""
    return plugins.running(config.preset) if plugins.is_reference(config.preset) else nullcontext()


def _check_numbers(metrics: Mapping[str, Any], config: TrainConfig) -> None:
    """Raise `ConfigurationError` if a metric is not a number: a checkpoint could not hold it."""
    for name, value in metrics.items():
        if not (value is None or isinstance(value, int | float)):
            raise ConfigurationError(
                f"`train_epoch` and `measure` of the task {config.task.name!r} must return numbers; got {quoted(value)} for {name!r}. "
                "Text and other values belong into `result`."
            )


def _check_device(name: str) -> None:
    """Raise `ConfigurationError` if torch cannot compute on the device here."""
    try:
        torch.empty(1, device=name)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise ConfigurationError(
            f"`training.device` must be a device that torch supports on this machine; got {name!r}: {str(error).splitlines()[0]}"
        ) from error


def _number(found: Any, otherwise: float) -> float:
    return found if isinstance(found, int | float) and math.isfinite(found) else otherwise


def peak_memory_mib() -> float:
    """The largest resident memory of this process, in MiB, since `restart_peak_memory` where the system allows that; else since its start."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10  # macOS counts bytes, Linux KiB


def restart_peak_memory() -> None:
    """Measure the largest resident memory from here on, so that one training in a process does not count for the next. Linux only."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
