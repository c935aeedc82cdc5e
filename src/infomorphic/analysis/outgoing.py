"""Where the output of a layer goes: the weights of the neurons that receive it."""

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.networks.network import Classifier


def outgoing_weights(network: Classifier, layer: str) -> dict[str, Float[Tensor, "receivers neurons"]]:
    """The weights that each other layer gives to the neurons of a layer, by the name of the receiving layer.

    Rows of the readout are classes, and their weights are evidence: a positive weight means that firing speaks for the class. The weights of
    an inverted readout neuron, which fires for all classes except its own, have the other sign for that.
    """
    found: dict[str, Tensor] = {}
    for receiver in network.network.placed():
        for source, origin in receiver.wiring.sources.items():
            weights = receiver.layer.learned_weight(source) if origin == layer and receiver.name != layer else None
            if weights is None:
                continue
            if receiver.name == network.readout:
                weights = torch.where(network.inverted[:, None], -weights, weights)
            found[receiver.name] = found.get(receiver.name, 0) + weights.detach()
    return found
