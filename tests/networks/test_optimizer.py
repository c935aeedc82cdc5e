"""Adam of the networks: that of torch, bit by bit."""

import torch
from torch import nn

from infomorphic.networks.optimizer import adam
from infomorphic.networks.settings import Optimizer


def test_steps_and_state_are_those_of_torch():
    layers = nn.ModuleDict({"a": nn.Linear(5, 4), "b": nn.Linear(4, 3)})
    copies = nn.ModuleDict({"a": nn.Linear(5, 4), "b": nn.Linear(4, 3)})
    copies.load_state_dict(layers.state_dict())
    ours = adam(layers, {name: Optimizer(learning_rate=0.01, weight_decay=0.1) for name in layers})
    theirs = torch.optim.Adam(copies.parameters(), lr=0.01, weight_decay=0.1, fused=True)
    x = torch.randn(6, 5)
    for _ in range(3):
        for optimizer, network in ((ours, layers), (theirs, copies)):
            optimizer.zero_grad(set_to_none=True)
            network["b"](network["a"](x)).square().sum().backward()
            optimizer.step()
    for mine, torchs in zip(layers.parameters(), copies.parameters(), strict=True):
        assert mine.requires_grad
        assert torch.equal(mine, torchs)
        assert all(torch.equal(value, theirs.state[torchs][name]) for name, value in ours.state[mine].items())
    again = adam(layers, {name: Optimizer(learning_rate=0.01, weight_decay=0.1) for name in layers})
    again.load_state_dict(ours.state_dict())
    assert again.state_dict()["state"].keys() == theirs.state_dict()["state"].keys()
