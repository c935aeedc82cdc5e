"""What is recorded along a training: information terms of each layer, and how far receptive fields still turn."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.layers import InfomorphicLayer
from infomorphic.networks.network import Classifier
from infomorphic.objective import information_terms


def information_of_layers(
    network: Classifier, images: Float[Tensor, "batch features"], labels: Int64[Tensor, " batch"], generator: torch.Generator
) -> dict[str, float]:
    """Mean over the neurons of every atom and of the residual entropy in bits, and of the goal, for each layer that has one.

    The label is presented as in training: the atoms refer to it.
    """
    presented = network.present(images, labels, generator)
    record: dict[str, float] = {}
    for name, goal in network.network.goals.items():
        layer = presented[name].layer
        terms = information_terms(goal.bin_index(layer), layer.firing_prob, goal.num_bins, sources=goal.goal.sources)
        value = sum(weight * terms[label] for label, weight in goal.goal.weights.items()) + goal.goal.residual_entropy * terms["H_res"]
        record[f"{name}.goal"] = _rounded(torch.as_tensor(value).mean())
        record |= {f"{name}.{label}": _rounded(term.mean()) for label, term in terms.items()}
    return record


def receptive_fields(network: Classifier) -> dict[str, Float[Tensor, "neurons inputs"]]:
    """A copy of the feedforward weights of each trained layer."""
    fields = {}
    for name, layer in network.network.layers.items():
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
