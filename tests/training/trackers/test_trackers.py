"""TensorBoard and MLflow for real, against local files; Weights & Biases against an object that records its calls."""

import os

import pytest

from infomorphic.errors import TrackerError
from infomorphic.training.trackers import MLflowTracker, TensorBoardTracker, WandbTracker, tracker

CONFIG = {"network": {"hidden": 3, "goal": "{F}{C}"}, "training": {"seed": 1}}
EPOCHS = [{"epoch": 1, "hidden.{F}{C}": 0.25, "note": "text"}, {"epoch": 2, "hidden.{F}{C}": 0.5}]
SUMMARY = {"run": "runs/r", "test_accuracy": 0.75}


def follow(tracker, summary):
    tracker.start(CONFIG)
    for metrics in EPOCHS:
        tracker.log(metrics["epoch"], metrics)
    tracker.finish(summary)


@pytest.mark.parametrize("summary", [SUMMARY, None])
def test_tensorboard_writes_event_files(tmp_path, summary):
    pytest.importorskip("tensorboard", reason="tensorboard is not installed (pip install 'infomorphic[tensorboard]')")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    follow(TensorBoardTracker(tmp_path / "tb"), summary)
    events = EventAccumulator(str(tmp_path / "tb")).Reload()
    assert events.Tags()["scalars"] == ["hidden/F_C"]
    assert [(e.step, e.value) for e in events.Scalars("hidden/F_C")] == [(1, 0.25), (2, 0.5)]
    texts = {name: events.Tensors(name)[0].tensor_proto.string_val[0].decode() for name in events.Tags()["tensors"]}
    assert '| network.goal | `"{F}{C}"` |' in texts["config/text_summary"]
    assert ("0.75" if summary else "failed or interrupted") in texts["summary/text_summary"]


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


class FakeWandb:
    def __init__(self):
        self.calls = []
        self.summary = {}

    def init(self, **options):
        self.calls.append(("init", options))
        return self

    def log(self, metrics, step):
        self.calls.append(("log", metrics, step))

    def finish(self, exit_code):
        self.calls.append(("finish", exit_code))


@pytest.mark.parametrize("summary", [SUMMARY, None])
def test_wandb_gets_these_calls(summary):
    fake = FakeWandb()
    follow(WandbTracker("bars", fake, mode="offline"), summary)
    assert fake.calls == [
        ("init", {"project": "bars", "config": CONFIG, "mode": "offline"}),
        ("log", {"hidden/F_C": 0.25}, 1),
        ("log", {"hidden/F_C": 0.5}, 2),
        ("finish", 0 if summary else 1),
    ]
    assert fake.summary == (summary or {})


def test_trackers_by_text(tmp_path):
    board = tracker(f"tensorboard:{tmp_path}")
    assert isinstance(board, TensorBoardTracker)
    assert board.log_dir == tmp_path
    flow = tracker("mlflow:sqlite:///a.db")
    assert isinstance(flow, MLflowTracker)
    assert flow.uri == "sqlite:///a.db"
    assert tracker("wandb:bars").project == "bars"
    with pytest.raises(TrackerError, match=r"got 'tensorbord:x'. Did you mean 'tensorboard'\?"):
        tracker("tensorbord:x")
    with pytest.raises(TrackerError, match=r"must say where to write, as in mlflow:runs; got 'mlflow'\."):
        tracker("mlflow")
