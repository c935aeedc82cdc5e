"""Networks of another alphabet or another measure of redundancy train like the built-in ones."""

import pytest
import torch

from infomorphic.data import load_dataset, split
from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import AllToAll, Bivariate, InfomorphicLayer, Ternary
from infomorphic.networks import Classifier, InfomorphicNetwork, Wiring
from infomorphic.networks.optimizer import adam
from infomorphic.networks.readout import readout_layer, readout_wiring
from infomorphic.networks.settings import HiddenLayer
from infomorphic.training import TrainConfig, fit, preset


def ternary_network(hidden: int, draw: torch.Generator) -> Classifier:
    """The `context` preset with hidden neurons that output −1, 0 or 1."""
    sources = {"F": AllToAll(64), "C": AllToAll(10)}
    layers = {
        "hidden": InfomorphicLayer(hidden, sources, Bivariate(), alphabet=Ternary(), generator=draw),
        "readout": readout_layer(hidden, 10, draw),
    }
    wiring = {
        "hidden": Wiring({"F": "input", "C": "label"}, Goal.parse("{F}{C} - 0.1 {F}", "FC"), FixedRange(10, -8, 8)),
        "readout": readout_wiring("readout/heuristic", "hidden", 20),
    }
    return Classifier(InfomorphicNetwork(layers, wiring, presentations=1), 10)


def test_ternary_neurons_learn_digits() -> None:
    draw = torch.Generator().manual_seed(0)
    data = split(load_dataset("digits"), seed=0)
    network = ternary_network(30, draw)
    optimizer = adam(network.network.layers, HiddenLayer().optimizers())
    goal = network.network.goals["hidden"]
    before = goal(network.present(data.train_images, data.train_labels, draw)["hidden"]).mean()
    for _ in range(40):
        for chosen in torch.randperm(len(data.train_labels), generator=draw).split(256):
            optimizer.zero_grad(set_to_none=True)
            network.learn(data.train_images[chosen], data.train_labels[chosen], draw)
            optimizer.step()
    presented = network.present(data.train_images, data.train_labels, draw)["hidden"]
    assert set(presented.output.unique().tolist()) == {-1.0, 0.0, 1.0}
    assert goal(presented).mean() > before + 0.1
    network.settle_signs_by_label(data.train_images, data.train_labels)
    right = network.predict_proba(data.test_images, None, "expected").argmax(1) == data.test_labels
    assert right.float().mean() > 0.7


def test_nothing_is_propagated_from_ternary_neurons() -> None:
    network = ternary_network(5, torch.Generator().manual_seed(0)).network
    inputs = {"input": torch.randn(40, 64), "label": torch.eye(10)[torch.arange(40) % 10]}
    presented = network.present(inputs, torch.Generator().manual_seed(1))
    network.goals["readout"].ascend(presented["readout"])
    assert all(p.grad is None for p in network.layers["hidden"].parameters())


@pytest.mark.parametrize("measure", ["mmi", "min"])
def test_a_preset_trains_on_another_measure(measure, tmp_path) -> None:
    settings = ["network.hidden=6", f"network.measure={measure}", "network.bins=6", "training.epochs=3", "training.batch_size=256"]
    summary = fit(TrainConfig.make({"preset": "context"}, settings), tmp_path / measure)
    assert summary.epochs == 3
    network = (
        preset("context").build(preset("context").settings(hidden=6, measure=measure), 64, 10, torch.Generator().manual_seed(0)).network
    )
    assert {goal.measure.name for goal in network.goals.values()} == {measure}


def test_a_goal_of_minimum_mutual_information_rises_in_training() -> None:
    draw = torch.Generator().manual_seed(0)
    data = split(load_dataset("digits"), seed=0)
    network = preset("context").build(preset("context").settings(hidden=8, measure="mmi", bins=6), 64, 10, draw)
    optimizer = adam(network.network.layers, preset("context").settings().optimizers())
    goal = network.network.goals["hidden"]
    before = goal(network.present(data.train_images, data.train_labels, draw)["hidden"]).mean()
    for _ in range(15):
        for chosen in torch.randperm(len(data.train_labels), generator=draw).split(256):
            optimizer.zero_grad(set_to_none=True)
            network.learn(data.train_images[chosen], data.train_labels[chosen], draw)
            optimizer.step()
    assert goal(network.present(data.train_images, data.train_labels, draw)["hidden"]).mean() > before + 0.05


def test_a_measure_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="`measure` must be one of"):
        preset("setup-1").settings(measure="mni")
