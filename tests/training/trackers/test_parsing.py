"""A tracker from its text, such as `mlflow:runs`."""

import pytest

from infomorphic.errors import TrackerError
from infomorphic.training.trackers import MLflowTracker, TensorBoardTracker, tracker


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
