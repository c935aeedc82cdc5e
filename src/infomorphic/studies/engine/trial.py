"""The context of a trial: how it trains and reports."""

import math
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from infomorphic.errors import StudyError
from infomorphic.training import Progress, Run, Summary, TrainConfig, fit, resume
from infomorphic.training.lock import is_locked

CURVE = "@"
"""Separates the name of a metric from its epoch, as in `validation_accuracy@3`."""


class TrialLostError(Exception):
    """Other workers considered this trial dead and took it over; its result must not count."""


@dataclass
class TrialContext:
    """Where a trial runs, and to whom it reports."""

    label: str
    """A name for the run directory of this attempt at the trial."""
    data_dir: Path | None = None
    keep_runs: Path | None = None
    """A folder in which to keep run directories; None to remove them."""
    on_step: Callable[[int, float], None] = field(default=lambda step, value: None)
    """Called after every epoch with the objective so far; may raise an exception to end the trial."""
    cell: str = ""
    """A name that all attempts at the trial share."""

    def train(self, config: TrainConfig, objective: str, curves: str = r"(?!)") -> dict[str, float]:
        """Train, and return the metrics.

        Args:
            config: the configuration.
            objective: the metric that is reported after every epoch, if it is recorded.
            curves: a regular expression; each matching column of `metrics.csv` becomes one metric per epoch.
        """
        with self.run_directory() as path:
            return self.metrics(self.fit(config, path, objective), path, curves)

    def fit(self, config: TrainConfig, path: Path, objective: str) -> Summary:
        """Train in `path`, reporting to the study after every epoch."""
        return fit(config, path, self.data_dir, self._after_epoch(objective))

    def candidate(self, config: TrainConfig, objective: str, name: str) -> dict[str, float]:
        """Train one of several candidates of a trial, and return its metrics and `training_seconds`.

        If runs are kept, a candidate that an earlier attempt at the trial began is continued from its last complete epoch.

        Args:
            config: the configuration.
            objective: the metric that is reported after every epoch, if it is recorded.
            name: the name of the candidate among those of the trial.

        Raises:
            StudyError: if the kept run is of another training, or another process trains it.
        """
        with replace(self, label=f"{self.cell or self.label}-{name}").run_directory() as path:
            begun = (path / "config.yaml").is_file()
            summary = self._continued(config, path, objective) if begun else self.fit(config, path, objective)
            return {**self.metrics(summary, path), "training_seconds": summary.seconds}

    def _continued(self, config: TrainConfig, path: Path, objective: str) -> Summary:
        run = Run.open(path)
        if not _is_of(config.model_dump(mode="json"), run.config.model_dump(mode="json")):
            raise StudyError(f"{path} is a run of another training. Choose another folder for kept runs, or delete it.")
        if is_locked(path):
            raise StudyError(f"another process trains in {path}. Wait for its end.")
        return resume(run, None, self.data_dir, self._after_epoch(objective))

    def _after_epoch(self, objective: str) -> Callable[[Progress], None]:
        return lambda progress: self.on_step(progress.epoch, progress.metrics.get(objective, math.nan))

    def metrics(self, summary: Summary, path: Path, curves: str = r"(?!)") -> dict[str, float]:
        """The metrics of a finished training: those of its task, the largest memory, and `curves` by epoch."""
        run = Run.open(path)
        config = run.config
        found = {**config.task.metrics(config.sections, vars(summary)), "peak_memory_mib": summary.peak_memory_mib}
        for row in run.load_checkpoint().metrics:
            found |= {f"{name}{CURVE}{row['epoch']}": float(value) for name, value in row.items() if re.fullmatch(curves, name)}
        return found

    @contextmanager
    def run_directory(self) -> Iterator[Path]:
        """A path for a new run; removed afterwards unless runs are kept."""
        if self.keep_runs is not None:
            self.keep_runs.mkdir(parents=True, exist_ok=True)
            yield self.keep_runs / self.label
            return
        with tempfile.TemporaryDirectory(prefix=f"infomorphic-{self.label}-") as folder:
            yield Path(folder) / "run"


def not_finite(metrics: Mapping[str, float]) -> list[str]:
    """The metrics that are not finite numbers."""
    return [name for name, value in metrics.items() if not math.isfinite(value)]


def _is_of(given: Any, used: Any) -> bool:
    """Whether a run used the given settings. Those that are null were chosen by its task."""
    if isinstance(given, Mapping):
        return isinstance(used, Mapping) and all(_is_of(value, used.get(name)) for name, value in given.items())
    return given is None or given == used
