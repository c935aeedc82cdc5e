"""From currents to firing probabilities and outputs."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.layers.activations import Activation
from infomorphic.layers.layer import PROBABILITY_MARGIN
from infomorphic.layers.sampling import sample_outputs

Firing = Literal["sample", "expect", "sign", "straight-through"]


class Fired(NamedTuple):
    """Firing probabilities, and the outputs passed on. Only straight-through outputs carry a gradient."""

    firing_prob: Float[Tensor, "batch neurons"]
    output: Float[Tensor, "batch neurons"]


def fire(
    activation: Activation,
    currents: Sequence[Float[Tensor, "batch neurons"]],
    mode: Firing = "sample",
    generator: torch.Generator | None = None,
) -> Fired:
    """θ = σ(A), and outputs: sampled ±1, their expectation 2θ − 1, or their sign.

    Straight-through outputs are sampled, but have the gradient of their expectation: the surrogate of backpropagation.
    """
    firing_prob = torch.sigmoid(activation(*currents)).clamp(PROBABILITY_MARGIN, 1 - PROBABILITY_MARGIN)
    with torch.no_grad():
        if mode in ("sample", "straight-through"):
            output = sample_outputs(firing_prob, generator)
        elif mode == "expect":
            output = 2 * firing_prob - 1
        else:
            output = torch.where(firing_prob >= 0.5, 1.0, -1.0).to(firing_prob.dtype)
    if mode == "straight-through":
        expected = 2 * firing_prob - 1
        output = output + (expected - expected.detach())  # exactly ±1 in value
    return Fired(firing_prob, output)
