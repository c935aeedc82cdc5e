"""MLflow for real, against a local database."""

import os

import pytest

from infomorphic.training.trackers import MLflowTracker
from training.trackers.following import SUMMARY, follow


@pytest.mark.slow
# MLflow's own use of an option that SQLAlchemy 2.1 has deprecated.
@pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy is deprecated")
def test_mlflow_writes_to_a_database(tmp_path, monkeypatch):
    for module in ("mlflow", "sqlalchemy", "alembic"):
        pytest.importorskip(module, reason=f"{module} is not installed (pip install 'infomorphic[mlflow]')")
    monkeypatch.chdir(tmp_path)
    from mlflow.tracking import MlflowClient

    uri = "sqlite:///runs.db"
    for summary in (SUMMARY, None):
        tracked = MLflowTracker(uri, "bars", "first")
        follow(tracked, summary)
        client = MlflowClient(tracking_uri=uri)
        run = client.get_run(tracked.run_id)
        assert client.get_experiment(run.info.experiment_id).name == "bars"
        assert run.info.run_name == "first"
        assert run.data.params == {"network/hidden": "3", "network/goal": "{F}{C}", "training/seed": "1"}
        assert [(m.step, m.value) for m in client.get_metric_history(tracked.run_id, "hidden/F_C")] == [(1, 0.25), (2, 0.5)]
        assert run.info.status == ("FINISHED" if summary else "FAILED")
        assert run.data.metrics.get("summary/test_accuracy") == (0.75 if summary else None)
    # Nothing is left behind anywhere else.
    assert os.listdir(tmp_path) == ["runs.db"]
