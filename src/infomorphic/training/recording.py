"""Values recorded during training: information terms of each layer, and the change of receptive fields."""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.networks.network import InfomorphicNetwork, Presented


def information_of_neurons(network: InfomorphicNetwork, presented: Mapping[str, Presented]) -> dict[str, Float[Tensor, " neurons"]]:
    """The goal of each neuron, every atom and the residual entropy in bits, as `layer.goal`, `layer.{F}{C}`, …, for layers with a goal.

    Args:
        network: the network.
        presented: the responses of its layers to a batch, presented as in training: the atoms refer to all sources.
    """
    record: dict[str, Tensor] = {}
    for name, goal in network.goals.items():
        terms = goal.terms(presented[name])
        record[f"{name}.goal"] = goal.goal.value(terms)
        record |= {f"{name}.{label}": term for label, term in terms.items()}
    return record


def mean_information(of_neurons: Mapping[str, Float[Tensor, " neurons"]]) -> dict[str, float]:
    """The mean over the neurons of each record of `information_of_neurons`."""
    return {name: _rounded(values.mean()) for name, values in of_neurons.items()}


def information_of_layers(network: InfomorphicNetwork, presented: Mapping[str, Presented]) -> dict[str, float]:
    """The means over the neurons of `information_of_neurons`."""
    return mean_information(information_of_neurons(network, presented))


def receptive_fields(network: InfomorphicNetwork) -> dict[str, Float[Tensor, "neurons inputs"]]:
    """A copy of the feedforward weights of each trained layer."""
    fields = {}
    for placed in network.placed():
        layer, driving = placed.layer, placed.layer.sources[0]
        weight = layer.learned_weight(driving)
        if weight is not None and any(parameter.requires_grad for parameter in layer.connections[driving].parameters()):
            fields[placed.name] = weight.clone()
    return fields


def self_cosine_distance(before: dict[str, Tensor], after: dict[str, Tensor]) -> dict[str, float]:
    """Median over a layer's neurons of 1 − cos(w(t−1), w(t)), with w the feedforward weights.

    Source: arXiv:2412.02482, eq. 3.
    """
    return {name: _rounded((1 - torch.cosine_similarity(before[name], after[name], dim=1)).median()) for name in after}


def _rounded(value: Tensor) -> float:
    return float(f"{float(value):.6g}")
