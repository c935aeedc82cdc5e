"""What the timed steps compute. How long they take is for `infomorphic bench`."""

import torch
from torch import nn

from infomorphic.bench.benchmark import PlainTorch
from infomorphic.layers import InfomorphicLayer
from infomorphic.layers.sampling import sample_outputs
from infomorphic.networks.backprop import Backpropagated
from infomorphic.training import preset


def test_plain_torch_has_the_gradients_of_the_network_that_it_is_compared_with(monkeypatch):
    """With the same weights and draws."""
    draw = torch.Generator().manual_seed(0)
    images, labels = torch.randn(32, 784, generator=draw), torch.arange(32) % 10
    ours = Backpropagated(preset("setup-1").build(preset("setup-1").settings(hidden=6), 784, 10, draw).network, 10)
    plain = PlainTorch(6, 2)
    pairs = [(ours.network.layers["readout"].connections["F"], plain.layers["readout"])]
    hidden = ours.network.layers["hidden"]
    assert isinstance(hidden, InfomorphicLayer)
    pairs += [(hidden.connections[source], plain.layers["hidden"][source]) for source in "FCL"]
    for theirs, copy in pairs:
        copy.load_state_dict({"weight": theirs.weight.detach(), "bias": theirs.bias.detach()})

    ours.learn(images, labels, torch.Generator().manual_seed(1))
    monkeypatch.setattr(torch, "bernoulli", lambda p, generator: (sample_outputs(p, generator) + 1) / 2)
    currents = plain(images, nn.functional.one_hot(labels, 10).float(), torch.Generator().manual_seed(1))
    nn.functional.cross_entropy(currents.sigmoid(), labels).backward()
    for theirs, copy in pairs:
        torch.testing.assert_close(copy.weight.grad, theirs.weight.grad)
        torch.testing.assert_close(copy.bias.grad, theirs.bias.grad)
        assert copy.weight.grad.abs().max() > 1e-4  # there to be missed
