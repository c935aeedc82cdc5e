"""The size of a network before its data are read, and its estimated time."""

from pathlib import Path

import pytest

from infomorphic.cli.training import default_threads, neurons_of
from infomorphic.training import TrainConfig

EXTEND = Path(__file__).parents[3] / "examples" / "extend"


def made(preset, *settings):
    return TrainConfig.make({"preset": preset}, settings)


def seconds(config):
    return config.task.estimated_seconds(config.sections)


@pytest.mark.parametrize(("file", "neurons"), [("own_network", 40), ("own_alphabet", 20), ("own_connectivity", 20)])
def test_a_network_of_ones_own_is_built_to_be_counted(file, neurons):
    config = made(f"{EXTEND / file}.py:build", "data.dataset=digits")
    assert neurons_of(config) == neurons
    # As a preset of the same neurons and sources.
    built_in = seconds(made("setup-1", f"network.hidden={neurons}", "data.dataset=digits"))
    assert seconds(config) == pytest.approx(built_in, rel=0.05)


def test_a_network_that_cannot_be_built_for_its_data_is_of_unknown_size(tmp_path):
    (tmp_path / "own.py").write_text("def build(num_inputs, num_classes, generator):\n    raise ValueError(num_inputs)\n")
    config = made(f"{tmp_path / 'own.py'}:build")
    assert neurons_of(config) is None
    assert seconds(config) > 0


def test_sizes_of_built_in_networks():
    assert neurons_of(made("readout")) == 10
    assert neurons_of(made("setup-2", "network.hidden=300")) == 300
    assert [neurons_of(made(name, "network.neurons=7")) for name in ("bars", "memory")] == [7, 7]


def test_large_networks_of_ones_own_train_on_all_threads(tmp_path, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    text = (EXTEND / "own_network.py").read_text().replace("ENCODERS = 40", "ENCODERS = 400")
    (tmp_path / "large.py").write_text(text)
    assert default_threads(neurons_of(made(f"{tmp_path / 'large.py'}:build"))) is None
    assert default_threads(neurons_of(made(f"{EXTEND / 'own_network.py'}:build"))) == 1


def test_times_are_those_that_the_estimate_was_fitted_to():
    """Seconds of 100 epochs on MNIST: the numbers in `results/`, within a factor of about two."""
    for preset, hidden, measured in (("setup-1", 100, 67), ("setup-2", 2000, 1930), ("backprop", 100, 74)):
        assert measured / 2.2 < seconds(made(preset, "data.dataset=mnist", f"network.hidden={hidden}")) < 2.2 * measured
    assert 35 / 2 < seconds(made("readout", "data.dataset=mnist")) < 70


def test_other_tasks_have_their_own_costs():
    assert seconds(made("memory", "data.load=1.5", "network.neurons=100", "training.epochs=5000")) == pytest.approx(10.0)
    few, many = (seconds(made("bars", f"training.epochs={n}")) for n in (1, 40))
    assert 0 < few < many
