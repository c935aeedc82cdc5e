"""Networks in ordinary torch that a training step is compared with."""

from collections.abc import Sequence
from typing import cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from infomorphic.layers import Modulated


class PlainTorch(nn.Module):
    """Setup 1 in ordinary torch: layers, draws and autograd. From this package it uses only the formula of the activation."""

    others: Tensor

    def __init__(self, features: int, hidden: int, classes: int, presentations: int):
        super().__init__()
        sources = {"F": nn.Linear(features, hidden), "C": nn.Linear(classes, hidden), "L": nn.Linear(hidden, hidden)}
        self.layers = nn.ModuleDict({"hidden": nn.ModuleDict(sources), "readout": nn.Linear(hidden, classes)})
        self.presentations = presentations
        self.register_buffer("others", 1 - torch.eye(hidden))

    def forward(
        self, images: Float[Tensor, "batch features"], context: Float[Tensor, "batch classes"], generator: torch.Generator
    ) -> Float[Tensor, "batch classes"]:
        """The readout's currents."""
        sources = cast(nn.ModuleDict, self.layers["hidden"])
        weight, bias = (cast(Tensor, p) for p in (sources["L"].weight, sources["L"].bias))
        weight, outputs = weight * self.others, None
        for _ in range(self.presentations):
            lateral = bias.expand(len(images), -1) if outputs is None else nn.functional.linear(outputs, weight, bias)
            firing_prob = Modulated().formula(sources["F"](images), sources["C"](context), lateral).sigmoid()
            expected = 2 * firing_prob - 1
            sampled = 2 * torch.bernoulli(firing_prob.detach(), generator=generator) - 1
            outputs = sampled + (expected - expected.detach())
        return self.layers["readout"](outputs)


def relu(features: int, widths: Sequence[int], classes: int) -> nn.Sequential:
    """An ordinary feedforward network: ReLU layers of these widths and a linear readout."""
    sizes = [features, *widths]
    hidden = [layer for a, b in zip(sizes, widths, strict=False) for layer in (nn.Linear(a, b), nn.ReLU())]
    return nn.Sequential(*hidden, nn.Linear(sizes[-1], classes))
