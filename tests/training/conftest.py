"""What tests of trainings share: a run whose neurons were recorded."""

import pytest

from infomorphic.training import Run, TrainConfig, fit

SMALL = ("network.hidden=6", "training.epochs=12", "training.batch_size=256")


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A finished run of six neurons. Tests copy it before they change it."""
    path = tmp_path_factory.mktemp("runs") / "whole"
    fit(TrainConfig.make({"preset": "setup-1"}, SMALL), path)
    return Run.open(path)
