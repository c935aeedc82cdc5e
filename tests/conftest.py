"""Shared fixtures and settings of all tests."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

import shape_checking

shape_checking.install()

pytest_plugins = ["storages"]

# No test asserts a time: machines are slow when others use them.
settings.register_profile("infomorphic", deadline=None)
settings.load_profile("infomorphic")

os.environ.setdefault("MPLBACKEND", "Agg")
# Set by the workers of xdist: output would fold at 80 columns there, and not where the tests run in one process.
os.environ.pop("COLUMNS", None)

# A shell ignores Ctrl-C in what it runs in the background, and so do all child processes: then the tests of Ctrl-C would wait forever.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def global_torch_state():
    """Fail a test that leaks global torch state: others would then depend on the order of tests."""
    import torch

    def state():
        return torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()

    before = state()
    yield
    assert state() == before, "this test changed global torch state (default dtype, grad mode, threads or determinism)"


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The built documentation; tests are skipped without the extra `docs`."""
    pytest.importorskip("mkdocs_glightbox")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    subprocess.run(command, cwd=Path(__file__).parents[1], check=True)
    return folder


SMALL = ["training.epochs=40", "training.batch_size=256"]


@pytest.fixture(scope="session")
def runs(tmp_path_factory) -> Path:
    """A directory of finished runs: `setup-1`, `backprop`."""
    from infomorphic.training import TrainConfig, fit

    parent = tmp_path_factory.mktemp("runs")
    for preset in ("setup-1", "backprop"):
        fit(TrainConfig.make({"preset": preset}, ["network.hidden=14", *SMALL]), parent / preset)
    return parent


@pytest.fixture(scope="session")
def run(runs):
    from infomorphic.training import Run

    return Run.open(runs / "setup-1")


@pytest.fixture(scope="session")
def trained(run):
    from infomorphic.analysis import Trained

    return Trained.load(run)


@pytest.fixture
def copied(run, tmp_path) -> Path:
    """A copy of the run of setup 1, to be damaged."""
    shutil.copytree(run.path, tmp_path / "copied")
    return tmp_path / "copied"


@pytest.fixture(scope="session")
def run_of_two_hidden_layers(tmp_path_factory):
    """A run of a network with hidden layers of twelve and eight neurons, on digits."""
    from infomorphic.training import Run, TrainConfig, fit

    folder = tmp_path_factory.mktemp("two_layers")
    source = folder / "stack.py"
    source.write_text(
        "from infomorphic.networks.stacked import Stack\n\n\n"
        "def build(inputs, num_classes, generator):\n    return Stack((12, 8)).build(inputs, num_classes, generator)\n",
        encoding="utf-8",
    )
    fit(TrainConfig.make({"preset": f"{source}:build"}, ["training.epochs=20", "training.batch_size=256"]), folder / "run")
    return Run.open(folder / "run")
