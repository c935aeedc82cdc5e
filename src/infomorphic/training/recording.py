"""What is recorded along a training: information terms of each layer, and how far receptive fields still turn."""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.layers import InfomorphicLayer
from infomorphic.networks.network import InfomorphicNetwork, Presented


def information_of_layers(network: InfomorphicNetwork, presented: Mapping[str, Presented]) -> dict[str, float]:
    """Mean over the neurons of every atom and of the residual entropy in bits, and of the goal, for each layer that has one.

    Args:
        network: the network.
        presented: what its layers did with a batch, presented as in training: the atoms refer to all sources.
    """
    record: dict[str, float] = {}
    for name, goal in network.goals.items():
        terms = goal.terms(presented[name].layer)
        value = sum(weight * terms[label] for label, weight in goal.goal.weights.items()) + goal.goal.residual_entropy * terms["H_res"]
        record[f"{name}.goal"] = _rounded(torch.as_tensor(value).mean())
        record |= {f"{name}.{label}": _rounded(term.mean()) for label, term in terms.items()}
    return record


def receptive_fields(network: InfomorphicNetwork) -> dict[str, Float[Tensor, "neurons inputs"]]:
    """A copy of the feedforward weights of each trained layer."""
    fields = {}
    for name, layer in network.layers.items():
        assert isinstance(layer, InfomorphicLayer)
        weight = getattr(layer.connections[layer.sources[0]], "weight", None)
        if isinstance(weight, Tensor) and weight.ndim == 2 and weight.requires_grad:
            fields[name] = weight.detach().clone()
    return fields


def self_cosine_distance(before: dict[str, Tensor], after: dict[str, Tensor]) -> dict[str, float]:
    """Median over a layer's neurons of 1 − cos(w(t−1), w(t)), with w the feedforward weights.

    Source: arXiv:2412.02482, eq. 3.
    """
    return {name: _rounded((1 - torch.cosine_similarity(before[name], after[name], dim=1)).median()) for name in after}


def _rounded(value: Tensor) -> float:
    return float(f"{float(value):.6g}")
