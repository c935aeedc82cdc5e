"""Draw outputs ±1 from firing probabilities."""

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.compiled.threads import for_ranges


def sample_outputs(firing_prob: Float[Tensor, "batch neurons"], generator: torch.Generator | None = None) -> Float[Tensor, "batch neurons"]:
    """+1 with probability θ, else −1, in the dtype of θ and without a gradient. All randomness comes from `generator`.

    On the CPU, the generator draws a seed. The draw of each neuron and sample is a hash of this seed and their indices. It is
    the same for any number of threads, and many times as fast as drawing in sequence.
    """
    # Neuron-major, like the currents: layers that receive the outputs then need not copy them.
    by_neuron = firing_prob.detach().T
    if by_neuron.device.type == "cpu" and by_neuron.dtype in (torch.float32, torch.float64):
        from infomorphic.layers import firing_kernel

        theta = by_neuron.contiguous()
        outputs = torch.empty_like(theta)
        arguments = (theta.numpy(), draw_seed(generator), outputs.numpy())
        for_ranges(firing_kernel.sample, firing_kernel.sample_in_parallel, arguments, *theta.shape)
        return outputs.T
    noise = torch.rand(by_neuron.shape, dtype=by_neuron.dtype, device=by_neuron.device, generator=generator)
    return (noise < by_neuron).to(by_neuron.dtype).mul_(2).sub_(1).T


def draw_seed(generator: torch.Generator | None) -> int:
    """Draw the seed for the hashes of one batch on the CPU."""
    return int(torch.randint(2**63 - 1, (), generator=generator))
