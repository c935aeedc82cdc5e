"""Lists of runs, whole and damaged."""

import fcntl

import pytest

from infomorphic.errors import RunError
from infomorphic.training import Run, TrainConfig, fit
from infomorphic.training.listing import list_runs


@pytest.fixture
def folder(tmp_path):
    fit(TrainConfig.make({}, ["network.hidden=3", "training.epochs=1", "training.batch_size=1024"]), tmp_path / "a")
    fit(TrainConfig.make({"preset": "bars"}, ["training.epochs=1", "data.images=100"]), tmp_path / "b")
    return tmp_path


def test_runs_are_listed_with_state_and_result(folder):
    a, b = list_runs(folder)
    summary = Run.open(folder / "a").summary
    assert (a.state, a.preset, a.dataset, a.epochs, a.epochs_configured) == ("finished", "setup-1", "digits", 1, 1)
    assert (a.measure, a.result, a.seconds) == ("test_accuracy", summary["test_accuracy"], summary["seconds"])
    assert (b.preset, b.dataset, b.measure) == ("bars", None, "bits_correct")
    assert list_runs(folder / "a") == [a]


def test_a_run_without_a_summary_is_interrupted_and_one_that_is_locked_runs(folder):
    (folder / "a" / "summary.json").unlink()
    interrupted = list_runs(folder)[0]
    assert interrupted.state == "interrupted"
    assert interrupted.epochs == 1
    assert interrupted.result is not None
    with (folder / "a" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert list_runs(folder)[0].state == "running"
    assert list_runs(folder)[0].state == "interrupted"


def test_a_damaged_run_does_not_hide_the_others(folder):
    (folder / "a" / "config.yaml").write_text("network: [")
    damaged, good = list_runs(folder)
    assert damaged.state == "damaged"
    assert "YAML" in (damaged.problem or "")
    assert good.state == "finished"


def test_no_folder_and_an_empty_one(tmp_path):
    assert list_runs(tmp_path) == []
    with pytest.raises(RunError, match="no folder"):
        list_runs(tmp_path / "none")
