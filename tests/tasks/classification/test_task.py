"""Settings of every classifier: how it learns, and shifts of its training images."""

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.reports.content import run_content
from infomorphic.reports.record import read_run
from infomorphic.tasks.classification.data import load_data
from infomorphic.training import Run, TrainConfig, fit

SMALL = ["network.hidden=5", "training.epochs=2", "training.batch_size=512"]


def test_the_same_network_is_trained_by_backpropagation_and_its_goals_are_measured(tmp_path):
    config = TrainConfig.make({"preset": "context"}, [*SMALL, "training.learning=backprop"])
    assert config.task.run_name(config.sections) == "context-backprop-digits-5-seed0"
    summary = fit(config, tmp_path / "run")
    assert (summary.learning, summary.goal) == ("backprop", None)
    assert summary.seconds > 0
    assert summary.peak_memory_mib > 0
    assert "trained by backpropagation" in config.task.in_words(summary).heading
    row = Run.open(tmp_path / "run").load_checkpoint().metrics[-1]
    assert row["loss"] > 0
    assert row["hidden.{F}{C}"] is not None
    content = run_content(read_run(tmp_path / "run"))
    assert content["problems"] == []
    assert not content["layers"][0]["pursued"]
    assert content["summary"] == "context: bivariate neurons: image and label; trained by backpropagation"
    assert [layer["goal"].endswith("(measured only)") for layer in content["structure"]] == [True, True]
    assert ["learning", "backprop"] in content["facts"]


@pytest.mark.parametrize(("preset", "learning"), [("setup-1", "goals"), ("backprop", "backprop"), ("relu", "backprop")])
def test_a_run_records_what_its_preset_is_made_for(tmp_path, preset, learning):
    config = TrainConfig.make({"preset": preset}, [*SMALL, "training.epochs=0"])
    summary = fit(config, tmp_path / "run")
    assert summary.learning == learning == Run.open(tmp_path / "run").config.training.learning
    assert learning not in config.task.run_name(config.sections).split("-")[1:]
    outputs = {layer["name"]: layer["outputs"] for layer in run_content(read_run(tmp_path / "run"))["structure"]}
    assert outputs["hidden"] == {"setup-1": "−1, 1", "backprop": "0, 1", "relu": "max(A, 0)"}[preset]


def test_a_network_without_goals_cannot_learn_by_them(tmp_path):
    config = TrainConfig.make({"preset": "relu"}, [*SMALL, "training.learning=goals"])
    with pytest.raises(ConfigurationError, match=r"`training\.learning` must be backprop for the preset relu, whose layers have no goals"):
        fit(config, tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("preset", ["setup-1", "relu"])
def test_training_images_are_shifted_and_others_are_not(preset, monkeypatch):
    config = TrainConfig.make({"preset": preset}, [*SMALL, "data.shift=1"])
    task = config.task(config.sections, None)
    presented = []
    learn = task.network.learn
    monkeypatch.setattr(task.network, "learn", lambda images, *others: presented.append(images) or learn(images, *others))
    task.train_epoch(1)
    task.train_epoch(2)
    epochs = [torch.cat(presented[:3]), torch.cat(presented[3:])]
    originals = {tuple(image) for image in task.data.train_images.tolist()}
    unmoved = [sum(tuple(image) in originals for image in epoch.tolist()) / len(epoch) for epoch in epochs]
    assert all(0.05 < share < 0.25 for share in unmoved)  # expected: 1 in 9, and images with nothing at an edge
    assert not torch.equal(*(epoch.sum(0) for epoch in epochs))
    assert torch.equal(task.data.train_images, load_data(config.sections).train_images)
