"""MLflow: a run in a tracking server, a database or a folder."""

import time
from collections.abc import Mapping
from typing import Any

from infomorphic.training.trackers.names import flat, imported, numbers, tag


class MLflowTracker:
    """A run in MLflow: settings as parameters, numbers by epoch as metrics, the result as metrics `summary/…`.

    MLflow's global state is not changed: a run that is active elsewhere stays active.

    Args:
        uri: tracking server, database such as "sqlite:///runs.db", or folder; None for MLflow's default.
        experiment: the experiment's name; created if missing.
        run_name: the run's name; None for a name chosen by MLflow.
    """

    def __init__(self, uri: str | None = None, experiment: str = "infomorphic", run_name: str | None = None):
        self.uri = uri
        self.experiment = experiment
        self.run_name = run_name

    def start(self, config: Mapping[str, Any]) -> None:
        self._entities = imported("mlflow.entities", "mlflow")
        self._client = imported("mlflow.tracking", "mlflow").MlflowClient(tracking_uri=self.uri)
        found = self._client.get_experiment_by_name(self.experiment)
        experiment_id = self._client.create_experiment(self.experiment) if found is None else found.experiment_id
        self.run_id = self._client.create_run(experiment_id, run_name=self.run_name).info.run_id
        parameters = [self._entities.Param(tag(name), str(value)) for name, value in flat(config).items()]
        self._client.log_batch(self.run_id, params=parameters)

    def log(self, epoch: int, metrics: Mapping[str, Any]) -> None:
        self._log({k: v for k, v in metrics.items() if k != "epoch"}, epoch)

    def finish(self, summary: Mapping[str, Any] | None) -> None:
        if summary is not None:
            self._log({f"summary.{name}": value for name, value in summary.items()}, 0)
        self._client.set_terminated(self.run_id, "FAILED" if summary is None else "FINISHED")

    def _log(self, metrics: Mapping[str, Any], step: int) -> None:
        now = int(time.time() * 1000)
        self._client.log_batch(self.run_id, metrics=[self._entities.Metric(k, v, now, step) for k, v in numbers(metrics).items()])
