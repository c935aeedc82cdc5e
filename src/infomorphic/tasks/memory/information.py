"""Information of a neuron's output about its bit of the pattern and about the input from the others, atom by atom."""

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.goals import AtomMapping
from infomorphic.tasks.memory.couplings import Couplings
from infomorphic.tasks.memory.network import LAYER, Settings, carrying, clamped
from infomorphic.tasks.memory.patterns import Patterns


@torch.no_grad()
def neuron_information(
    couplings: Couplings, patterns: Patterns, settings: Settings | None = None
) -> AtomMapping[Float[Tensor, " neurons"]]:
    """The atoms {F}{C}, {F}, {C}, {FC} of every neuron and its residual entropy `H_res`, in bits, with the state clamped to the patterns.

    Outputs are drawn with θ = σ(F + C) and currents binned as in training, so couplings of any rule are treated equally. Their scale matters,
    unlike for recall: see `scaled`.

    Args:
        couplings: the couplings of the memory.
        patterns: the stored patterns, or others.
        settings: give the external weight and the bins; default: the published ones.
    """
    settings = Settings(neurons=patterns.shape[1]) if settings is None else settings
    network = carrying(couplings, settings)
    output = network(clamped(patterns))[LAYER]
    return network.goals[LAYER].terms(output)


def scaled(couplings: Couplings, patterns: Patterns, size: float) -> Couplings:
    """Scale the couplings of each neuron by a positive number, so that the root mean square of its field on the patterns is `size`.

    Recall is unchanged, because it depends only on signs. A neuron whose field is zero on all patterns is not scaled.
    """
    strength = couplings.field(patterns).square().mean(0).sqrt()
    factor = torch.where(strength > 0, size / strength, 1.0)
    return Couplings(couplings.weight * factor[:, None], None if couplings.bias is None else couplings.bias * factor)
