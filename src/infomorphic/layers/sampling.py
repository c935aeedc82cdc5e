"""Outputs ±1, drawn from firing probabilities."""

import torch
from jaxtyping import Float
from torch import Tensor


def sample_outputs(firing_prob: Float[Tensor, "batch neurons"], generator: torch.Generator | None = None) -> Float[Tensor, "batch neurons"]:
    """+1 with probability θ, else −1, in the dtype of θ and without a gradient. Draws come from `generator` alone."""
    # Neuron by neuron in memory, as the currents are: the layers that read the outputs then need no copy.
    by_neuron = firing_prob.detach().T
    noise = torch.rand(by_neuron.shape, dtype=by_neuron.dtype, device=by_neuron.device, generator=generator)
    return (noise < by_neuron).to(by_neuron.dtype).mul_(2).sub_(1).T
