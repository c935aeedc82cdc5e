"""Bars as a task: run directories and resuming."""

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.training import Run, TrainConfig, fit, resume

SMALL = ["network.neurons=3", "data.size=3", "data.images=600", "training.epochs=3", "training.batch_size=200"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "r"
    return fit(TrainConfig.make({"preset": "bars"}, SMALL), path), Run.open(path)


def test_a_run_leaves_what_was_measured(finished):
    summary, run = finished
    assert (summary.neurons, summary.bars, summary.epochs, summary.goal) == (3, 3, 3, "{F}")
    last = run.load_checkpoint().metrics[-1]
    assert (last["bits_correct"], last["layer_information"]) == (summary.bits_correct, summary.layer_information)
    assert 0.5 <= summary.bits_correct <= 1
    assert 0 <= summary.layer_information <= 3
    assert last["neurons.goal"] == last["neurons.{F}"]
    assert run.config.task.run_name(run.config.sections) == "bars-3-3-seed0"


def test_learning_raises_the_goal(finished):
    summary = fit(TrainConfig.make({"preset": "bars"}, [*SMALL, "training.epochs=60"]), finished[1].path.parent / "long")
    assert summary.bits_correct == 1
    assert summary.layer_information == pytest.approx(3)
    assert summary.one_bar_each


def test_an_interrupted_run_resumes_to_the_same_bits(finished, tmp_path):
    fit(TrainConfig.make({"preset": "bars"}, [*SMALL, "training.epochs=1"]), tmp_path / "r")
    part = Run.open(tmp_path / "r")
    resume(part, epochs=3)
    whole, resumed = finished[1].load_checkpoint(), part.load_checkpoint()
    assert all(torch.equal(tensor, resumed.tensors[name]) for name, tensor in whole.tensors.items())
    assert [{**row, "seconds": 0} for row in whole.metrics] == [{**row, "seconds": 0} for row in resumed.metrics]


def test_settings_of_other_tasks_are_errors():
    with pytest.raises(ConfigurationError, match=r"preset bars has no setting 'network.hidden'"):
        TrainConfig.make({"preset": "bars"}, ["network.hidden=3"])
    with pytest.raises(ConfigurationError, match=r"`data.p` must be less than 1; got 2"):
        TrainConfig.make({"preset": "bars"}, ["data.p=2"])
