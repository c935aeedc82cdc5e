"""The example of two hidden layers learns."""

import pytest


@pytest.fixture
def module(example):
    return example("two_hidden_layers")


def test_the_context_of_the_first_layer_is_the_second(module):
    import torch

    network = module.build("two layers", 64, 20, torch.Generator().manual_seed(0)).network
    assert network.wiring["first"].sources["C"] == "last"
    assert list(network.goals) == ["first", "last", "readout"]
    fixed = module.build("two layers, first fixed", 64, 20, torch.Generator().manual_seed(0)).network
    assert not any(p.requires_grad for p in fixed.layers["first"].parameters())
    neurons = [sum(layer.num_neurons for name, layer in n.layers.items() if name != "readout") for n in (network, fixed)]
    assert neurons == [20, 20]


def test_both_layers_learn(module):
    before = module.train("two layers", seed=0, epochs=1, hidden=40)
    after = module.train("two layers", seed=0, epochs=60, hidden=40)
    assert after["test accuracy"] > 0.4 > before["test accuracy"]
    for goal in ("goal of first", "goal of last"):
        assert after[goal] > before[goal] + 0.03
