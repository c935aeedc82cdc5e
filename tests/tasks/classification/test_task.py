"""Settings of every classifier: how it learns."""

import pytest

from infomorphic.errors import ConfigurationError
from infomorphic.reports.content import run_content
from infomorphic.reports.record import read_run
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
