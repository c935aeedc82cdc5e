"""Weights & Biases, or anything with the same three calls."""

from collections.abc import Mapping
from typing import Any

from infomorphic.training.trackers.names import imported, numbers


class WandbTracker:
    """A run in Weights & Biases: `init(project=…, config=…, …)`, `log(metrics, step=epoch)`, `summary.update`, `finish(exit_code=…)`.

    Tested against an object that records these calls, not against the service.

    Args:
        project: the project's name.
        wandb: an object with the function `init`; None for the installed package `wandb`.
        options: further arguments of `init`, such as `mode="offline"` or `dir`.
    """

    def __init__(self, project: str = "infomorphic", wandb: Any = None, **options: Any):
        self.project = project
        self.options = options
        self._wandb = wandb

    def start(self, config: Mapping[str, Any]) -> None:
        module = imported("wandb", "wandb") if self._wandb is None else self._wandb
        self._run = module.init(project=self.project, config=dict(config), **self.options)

    def log(self, epoch: int, metrics: Mapping[str, Any]) -> None:
        self._run.log(numbers({k: v for k, v in metrics.items() if k != "epoch"}), step=epoch)

    def finish(self, summary: Mapping[str, Any] | None) -> None:
        if summary is not None:
            self._run.summary.update(dict(summary))
        self._run.finish(exit_code=1 if summary is None else 0)
