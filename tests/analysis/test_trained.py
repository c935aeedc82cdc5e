"""Trained networks of several hidden layers are analyzed layer by layer."""

import pytest
import torch

from infomorphic.analysis import Trained, analyze_neurons, estimator_health, single_losses, without
from infomorphic.analysis.lesions import accuracy
from infomorphic.errors import ConfigurationError


@pytest.fixture(scope="module")
def deep(run_of_two_hidden_layers):
    return Trained.load(run_of_two_hidden_layers)


def test_each_hidden_layer_is_analyzed_by_its_name(deep):
    assert deep.hidden_layers == ["hidden1", "hidden2"]
    assert (deep.layer_name, deep.at("hidden2").layer_name) == ("hidden1", "hidden2")
    second = analyze_neurons(deep.at("hidden2"), images_each=2)
    assert (second.layer, len(second)) == ("hidden2", 8)
    expected = deep.network.network.layer("hidden2").goal.terms(deep.with_labels["hidden2"])
    torch.testing.assert_close(second.atoms["{F}{C}"], expected["{F}{C}"])
    assert estimator_health(deep.at("hidden2")).sources == "FCL"
    with pytest.raises(ConfigurationError, match=r"must be one of the layers hidden1, hidden2, readout; got 'hidden3'"):
        deep.at("hidden3")


def test_neurons_of_the_second_layer_are_removed_one_by_one(deep):
    second = deep.at("hidden2")
    losses = single_losses(second)
    mean = deep.withheld["hidden2"].output.mean(0)
    before = accuracy(deep.network, deep.images, deep.labels)
    for neuron, loss in enumerate(losses):
        after = accuracy(without(deep.network, [neuron], mean, "hidden2"), deep.images, deep.labels)
        assert loss.accuracy == pytest.approx(before - after, abs=1e-9)
    assert any(loss.wrong for loss in losses)
