"""Settings of a preset: any measure of redundancy, which the network then trains on."""

import pytest
import torch

from infomorphic.data import load_dataset, split
from infomorphic.networks.optimizer import adam
from infomorphic.training import TrainConfig, fit, preset


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
