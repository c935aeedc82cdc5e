"""The context of a trial: how it trains and reports."""

import math
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from infomorphic.training import Progress, Run, Summary, TrainConfig, fit

CURVE = "@"
"""Separates the name of a metric from its epoch, as in `validation_accuracy@3`."""


class TrialLostError(Exception):
    """Other workers considered this trial dead and took it over; its result must not count."""


@dataclass
class TrialContext:
    """Where a trial runs, and to whom it reports."""

    label: str
    """A name for the trial's run directories."""
    data_dir: Path | None = None
    keep_runs: Path | None = None
    """A folder in which to keep run directories; None to remove them."""
    on_step: Callable[[int, float], None] = field(default=lambda step, value: None)
    """Called after every epoch with the objective so far; may raise an exception to end the trial."""

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

        def after_epoch(progress: Progress) -> None:
            self.on_step(progress.epoch, progress.metrics.get(objective, math.nan))

        return fit(config, path, self.data_dir, after_epoch)

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
