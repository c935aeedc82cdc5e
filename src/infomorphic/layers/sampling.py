"""Draw outputs ±1 from firing probabilities."""

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.compiled.threads import for_ranges
from infomorphic.errors import ConfigurationError

_LOWER_HALF = 2**32 - 1


def sample_outputs(
    firing_prob: Float[Tensor, "batch neurons"], generator: torch.Generator | None = None, first_neuron: int = 0
) -> Float[Tensor, "batch neurons"]:
    """+1 with probability θ, else −1, in the dtype of θ and without a gradient. All randomness comes from `generator`.

    On the CPU, the generator draws a seed. The draw of each neuron and sample is a hash of this seed and their indices. It is
    the same for any number of threads, and many times as fast as drawing in sequence.

    Args:
        firing_prob: θ.
        generator: the source of all randomness.
        first_neuron: the place in the layer of the first of these neurons, if they are a part of a layer. On the CPU, they then draw what
            they draw in the whole layer.

    Raises:
        ConfigurationError: if these neurons are a part of a layer, and not on the CPU.
    """
    # Neuron-major, like the currents: layers that receive the outputs then need not copy them.
    by_neuron = firing_prob.detach().T
    if by_neuron.device.type == "cpu" and by_neuron.dtype in (torch.float32, torch.float64):
        from infomorphic.layers import firing_kernel

        theta = by_neuron.contiguous()
        outputs = torch.empty_like(theta)
        arguments = (theta.numpy(), draw_seed(generator, first_neuron), outputs.numpy())
        for_ranges(firing_kernel.sample, firing_kernel.sample_in_parallel, arguments, *theta.shape)
        return outputs.T
    if first_neuron:
        raise ConfigurationError("the neurons of a part of a layer must be on the CPU: elsewhere they draw in sequence.")
    noise = torch.rand(by_neuron.shape, dtype=by_neuron.dtype, device=by_neuron.device, generator=generator)
    return (noise < by_neuron).to(by_neuron.dtype).mul_(2).sub_(1).T


def draw_seed(generator: torch.Generator | None, first_neuron: int = 0) -> int:
    """Draw the seed for the hashes of one batch on the CPU.

    Args:
        generator: the source of the seed.
        first_neuron: the place in the layer of the first neuron. The kernels add the place of a neuron to the lower half of the seed, so
            this number is added there.
    """
    seed = int(torch.randint(2**63 - 1, (), generator=generator))
    return (seed & ~_LOWER_HALF) | ((seed + first_neuron) & _LOWER_HALF)
