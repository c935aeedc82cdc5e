"""Small trained networks, made once for all tests of reports."""

import shutil
from pathlib import Path

import pytest

from infomorphic.reports import Trained
from infomorphic.training import Run, TrainConfig, fit

SMALL = ["training.epochs=40", "training.batch_size=256"]


@pytest.fixture(scope="session")
def runs(tmp_path_factory) -> Path:
    """A directory of finished runs: `setup-1`, `backprop`."""
    parent = tmp_path_factory.mktemp("runs")
    for preset in ("setup-1", "backprop"):
        fit(TrainConfig.make({"preset": preset}, ["network.hidden=14", *SMALL]), parent / preset)
    return parent


@pytest.fixture(scope="session")
def run(runs) -> Run:
    return Run.open(runs / "setup-1")


@pytest.fixture(scope="session")
def trained(run) -> Trained:
    return Trained.load(run)


@pytest.fixture
def copied(run, tmp_path) -> Path:
    """A copy of the run of setup 1, to be damaged."""
    shutil.copytree(run.path, tmp_path / "copied")
    return tmp_path / "copied"
