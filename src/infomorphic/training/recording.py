"""Values recorded during training: information terms of each layer, and the change of receptive fields."""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.networks.exchange import Exchange
from infomorphic.networks.network import InfomorphicNetwork, Presented
from infomorphic.training.development import Snapshot


def information_of_neurons(network: InfomorphicNetwork, presented: Mapping[str, Presented]) -> dict[str, Float[Tensor, " neurons"]]:
    """The goal of each neuron, every atom and the residual entropy in bits, as `layer.goal`, `layer.{F}{C}`, …, for layers with a goal.

    Args:
        network: the network.
        presented: the responses of its layers to a batch, presented as in training: the atoms refer to all sources.
    """
    record: dict[str, Tensor] = {}
    for name, goal in network.goals.items():
        terms = goal.terms(presented[name])
        here = {"goal": goal.goal.value(terms), **terms}
        record |= {f"{name}.{label}": network.exchange.of_all(name, values) for label, values in here.items()}
    return record


def mean_information(of_neurons: Mapping[str, Float[Tensor, " neurons"]]) -> dict[str, float]:
    """The mean over the neurons of each record of `information_of_neurons`."""
    return {name: _rounded(values.mean()) for name, values in of_neurons.items()}


def information_of_layers(network: InfomorphicNetwork, presented: Mapping[str, Presented]) -> dict[str, float]:
    """The means over the neurons of `information_of_neurons`."""
    return mean_information(information_of_neurons(network, presented))


def receptive_fields(network: InfomorphicNetwork) -> dict[str, Float[Tensor, "neurons inputs"]]:
    """A copy of the feedforward weights of each trained layer, of the neurons that are here."""
    fields = {}
    for placed in network.placed():
        layer, driving = placed.layer, placed.layer.sources[0]
        weight = layer.learned_weight(driving)
        if weight is not None and any(parameter.requires_grad for parameter in layer.connections[driving].parameters()):
            fields[placed.name] = weight.clone()
    return fields


class ClassResponses:
    """The mean firing probability of each neuron for each class, summed over parts of the data."""

    def __init__(self, network: InfomorphicNetwork, num_classes: int):
        self._network, self._num_classes = network, num_classes
        self._sums: dict[str, Tensor] = {}
        self._count: Tensor | float = 0.0

    def add(self, presented: Mapping[str, Presented], labels: Int64[Tensor, " batch"]) -> None:
        """Add the responses of all layers to some samples."""
        one_hot = torch.nn.functional.one_hot(labels, self._num_classes).float()
        self._count = self._count + one_hot.sum(0)
        for placed in self._network.placed():
            found = one_hot.T @ placed.firing_prob(presented[placed.name]).float()
            self._sums[placed.name] = self._sums.get(placed.name, 0) + found

    def by_layer(self) -> dict[str, Float[Tensor, "classes neurons"]]:
        """The means of each layer; NaN for a class without samples; empty if nothing was added."""
        return {name: total / self._count[:, None] for name, total in self._sums.items()}  # type: ignore[index]


def snapshots(
    network: InfomorphicNetwork, fields: Mapping[str, Float[Tensor, "_ _"]], responses: Mapping[str, Float[Tensor, "_ _"]]
) -> dict[str, Snapshot]:
    """What `Development` records of each layer.

    Args:
        network: the network.
        fields: its `receptive_fields`. Weights from other layers are left out: they are not pictures of the input.
        responses: the mean firing probabilities of its layers by class, where there are classes.
    """
    found = {}
    for name, wiring in network.wiring.items():
        driving = wiring.sources[network.layer(name).layer.sources[0]]
        field = network.exchange.of_all(name, fields[name]) if name in fields and driving not in network.layers else None
        response = network.exchange.of_all(name, responses[name].T).T if name in responses else None
        snapshot = Snapshot(field, response)
        if snapshot != (None, None):
            found[name] = snapshot
    return found


def self_cosine_distance(before: Mapping[str, Tensor], after: Mapping[str, Tensor], exchange: Exchange | None = None) -> dict[str, float]:
    """Median over a layer's neurons of 1 − cos(w(t−1), w(t)), with w the feedforward weights.

    Args:
        before: the `receptive_fields` of then.
        after: those of now.
        exchange: that of the network, if other processes have some of its neurons.

    Source: arXiv:2412.02482, eq. 3.
    """
    exchange = exchange or Exchange()
    distances = {name: 1 - torch.cosine_similarity(before[name], after[name], dim=1) for name in after}
    return {name: _rounded(exchange.of_all(name, values).median()) for name, values in distances.items()}


def _rounded(value: Tensor) -> float:
    return float(f"{float(value):.6g}")
