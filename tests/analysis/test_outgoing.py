"""Outgoing weights: those of every receiver, and as evidence for classes in the readout."""

import torch

from infomorphic.analysis import Trained, outgoing_weights


def test_weights_of_the_readout_are_evidence_for_classes(trained):
    readout = trained.network.network.layer("readout").layer.connections["F"].weight.detach()
    found = outgoing_weights(trained.network, "hidden")
    assert list(found) == ["readout"]
    sign = torch.where(trained.network.inverted, -1.0, 1.0)[:, None]
    assert torch.equal(found["readout"], sign * readout)
    assert outgoing_weights(trained.network, "readout") == {}


def test_a_hidden_layer_sends_to_the_next(run_of_two_hidden_layers):
    network = Trained.load(run_of_two_hidden_layers).network
    found = outgoing_weights(network, "hidden1")
    assert {name: tuple(weights.shape) for name, weights in found.items()} == {"hidden2": (8, 12)}
    assert torch.equal(found["hidden2"], network.network.layer("hidden2").layer.learned_weight("F"))
