"""Lesions: how a network performs without some of its hidden neurons.

A removed neuron always outputs its mean over given images. The information that it carried is gone, but its mean contribution to the
neurons that receive it stays, as if it had been added to their biases. Nothing is retrained.

Optionally its most similar neuron substitutes for it: downstream weights are rerouted to the best linear prediction of the removed
output. Removing a near-duplicate then costs nothing; without a substitute its vote in the readout is lost.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Float64, Int64
from torch import Tensor, nn

from infomorphic.analysis.margins import Margins, log_odds, margin_of, margins_without_each
from infomorphic.analysis.trained import Trained
from infomorphic.errors import ConfigurationError
from infomorphic.layers import Connection
from infomorphic.networks.network import Classifier

_SMALL_P = 0.01
_MOST_LOST = 3
_MOST_OPERATIONS = 7.5e8
"""Without estimates, single removals of a layer of n neurons take about n² operations per image. This limits the number of images."""
_DOUBTFUL, _ERRORS = 0.25, 8.0


@dataclass(frozen=True)
class Loss:
    """What a removal changes."""

    wrong_by_class: tuple[int, ...]
    """By class, the images that were right and become wrong."""
    right_by_class: tuple[int, ...]
    """By class, the images that were wrong and become right."""
    images: int
    """The images of all classes that were classified."""

    @property
    def wrong(self) -> int:
        """Images that were right and become wrong."""
        return sum(self.wrong_by_class)

    @property
    def right(self) -> int:
        """Images that were wrong and become right."""
        return sum(self.right_by_class)

    @property
    def accuracy(self) -> float:
        """By how much accuracy falls, as a fraction."""
        return (self.wrong - self.right) / self.images

    @property
    def p(self) -> float:
        """The two-sided sign test: how probable so unequal numbers are if images become wrong and right equally often."""
        from scipy.special import bdtr

        return min(1.0, 2 * float(bdtr(min(self.wrong, self.right), self.wrong + self.right, 0.5))) if self.wrong + self.right else 1.0

    @property
    def exceeds_chance(self) -> bool:
        """Whether p < 0.01."""
        return self.p < _SMALL_P

    @property
    def classes_lost(self) -> list[int]:
        """The classes that lose most images on balance: the worst, and those that lose at least half as many; at most three."""
        net = [wrong - right for wrong, right in zip(self.wrong_by_class, self.right_by_class, strict=True)]
        worst = max(net)
        return sorted((c for c, n in enumerate(net) if n > 0 and 2 * n >= worst), key=lambda c: -net[c])[:_MOST_LOST]


class Substitute(NamedTuple):
    """The neuron that substitutes for a removed one, whose output is predicted as mean + slope · (output of the substitute − its mean)."""

    neuron: int
    slope: float


@dataclass(frozen=True)
class GroupLesion:
    """Accuracy after removing some neurons, and after removing as many random ones."""

    neurons: tuple[int, ...]
    accuracy: float
    accuracy_without: float
    accuracy_without_random: tuple[float, ...]
    """One accuracy per seed."""

    @property
    def costs_less_than_random(self) -> float:
        """The fraction of random removals that cost more accuracy."""
        return sum(a < self.accuracy_without for a in self.accuracy_without_random) / len(self.accuracy_without_random)


def without(
    network: Classifier,
    neurons: Iterable[int],
    mean_output: Float[Tensor, " neurons"],
    layer: str | None = None,
    substitutes: Mapping[int, Substitute] | None = None,
) -> Classifier:
    """A copy of a network in which some neurons of a layer always output their mean, or have substitutes.

    Each neuron that receives a removed one gets a weight of zero for it, and weight · mean is added to its bias, which is created if it has
    none. With a substitute, weight · slope moves to the connection from the substitute, where there is one.

    Args:
        network: a classifier.
        neurons: which to remove.
        mean_output: of every neuron of the layer.
        layer: its name; by default the first.
        substitutes: by removed neuron; a substitute must not be removed itself.

    Raises:
        ConfigurationError: if a neuron does not exist, or a connection that receives it has no weights of its own.
    """
    layer = layer or next(iter(network.network.layers))
    removed = sorted(set(neurons))
    size = network.network.layer(layer).layer.num_neurons
    if removed and not 0 <= removed[0] <= removed[-1] < size:
        raise ConfigurationError(f"`neurons` must be numbers from 0 to {size - 1}; got {removed[0] if removed[0] < 0 else removed[-1]}.")
    changed, receiving = _editable_copy(network, layer)
    for connection in receiving:
        _disconnect(connection, removed, mean_output, substitutes or {})
    return changed


def substitutes_for(neurons: Iterable[int], output: Float[Tensor, "samples neurons"]) -> dict[int, Substitute]:
    """For each neuron to be removed, the remaining one of largest |correlation| and the slope of the regression on it."""
    return _substitutes(neurons, _covariance(output))


def _covariance(output: Float[Tensor, "samples neurons"]) -> Float64[Tensor, "neurons neurons"]:
    exact = output.double()
    centered = exact - exact.mean(0)
    return centered.T @ centered / len(centered)


def _substitutes(neurons: Iterable[int], covariance: Float64[Tensor, "neurons neurons"]) -> dict[int, Substitute]:
    removed = sorted(set(neurons))
    if len(removed) == len(covariance):
        return {}
    variance = covariance.diagonal().clamp(min=1e-12)
    shared = covariance[removed]
    explained = shared.square() / variance
    explained[:, removed] = -1.0
    best = explained.argmax(1).tolist()
    return {j: Substitute(k, float(shared[i, k] / variance[k])) for i, (j, k) in enumerate(zip(removed, best, strict=True))}


def accuracy(network: Classifier, images: Float[Tensor, "samples features"], labels: Int64[Tensor, " samples"]) -> float:
    """Accuracy by deterministic inference: layers output expectations, the label is withheld."""
    return float(_right(network, images, labels).double().mean())


def single_losses(trained: Trained, on_progress: Callable[[int, int], None] | None = None) -> list[Loss]:
    """Measure what the network loses when each neuron of the analyzed layer is removed, on the held-out images.

    The margins of decisions without each neuron are estimated to first order (see `infomorphic.analysis.margins`). Decisions that a removal
    might change are then computed without the neuron; the others stay. These are decisions whose estimate is below a quarter of the largest
    change that this neuron causes, or below eight times the largest error found in the estimates. Layers with the most probable output have
    no such estimate: every decision is computed, for a large layer only for the first images (12 000 for up to 250 neurons, 750 for 1000 neurons).
    """
    layer, size = trained.layer_name, trained.layer.num_neurons
    estimated = all(wiring.output != "mode" for wiring in trained.network.network.wiring.values())
    images = trained.images if estimated else trained.images[: max(1, int(_MOST_OPERATIONS / size**2))]
    labels = trained.labels[: len(images)]
    mean = trained.withheld[layer].output.mean(0)
    network, currents = _with_given_drive(trained.network, images)
    # A copy of a large network for each neuron would take as long as its response: one copy is changed and restored.
    changed, receiving = _editable_copy(network, layer)
    changed.requires_grad_(False)
    margins = margins_without_each(changed, currents, layer, mean) if estimated else None
    # Currents come neuron by neuron in memory; a few images are read much faster image by image.
    removal = _SingleRemoval(changed, receiving, currents.contiguous(), mean, margins)
    before = removal.decided == labels
    losses = []
    for neuron in range(size):
        after = removal.decided_without(neuron) == labels
        wrong, right = (labels[changed].bincount(minlength=trained.network.num_classes) for changed in (before & ~after, ~before & after))
        losses.append(Loss(tuple(wrong.tolist()), tuple(right.tolist()), len(images)))
        if on_progress is not None:
            on_progress(neuron + 1, size)
    return losses


class _SingleRemoval:
    """The decisions of a network without one neuron of a layer at a time."""

    def __init__(
        self,
        network: Classifier,
        receiving: list[Connection],
        inputs: Float[Tensor, "images features"],
        mean: Float[Tensor, " neurons"],
        margins: Margins | None,
    ):
        self.network, self.receiving, self.inputs, self.mean, self.margins = network, receiving, inputs, mean, margins
        self.decided = network.predict_proba(inputs, None, "expected").argmax(1) if margins is None else margins.decided
        self.settled = None if margins is None else margins.settled_without()
        self.error = 0.0
        """The largest error found in the estimated margins."""

    def decided_without(self, neuron: int) -> Int64[Tensor, " images"]:
        """The class that the network decides for, without a neuron."""
        with self._removed(neuron):
            if self.margins is None or self.settled is None:
                return self.network.predict_proba(self.inputs, None, "expected").argmax(1)
            decided = self.decided.clone()
            estimate = self.settled.index_copy(0, self.margins.unsettled, self.margins.without[:, neuron])
            changes = self.margins.without[:, neuron] - self.margins.whole[self.margins.unsettled]
            reach = float(changes.abs().amax()) * _DOUBTFUL if len(changes) else 0.0
            known = torch.zeros_like(decided, dtype=torch.bool)
            while True:
                reach = max(reach, _ERRORS * self.error)
                doubtful = ((estimate <= reach) & ~known).nonzero()[:, 0]
                if not len(doubtful):
                    return decided
                scores = self.network.predict_proba(self.inputs[doubtful], None, "expected")
                decided[doubtful], known[doubtful] = scores.argmax(1), True
                errors = (margin_of(log_odds(scores), self.decided[doubtful]) - estimate[doubtful]).abs()
                # For settled images the estimate is cautious and not the expected value.
                errors[self.settled[doubtful].isfinite()] = 0
                self.error = max(self.error, float(errors.amax()))

    @contextmanager
    def _removed(self, neuron: int) -> Iterator[None]:
        """Within, the network lacks a neuron."""
        before = []
        for connection in self.receiving:
            incoming, bias = _weights_from(connection, neuron), connection.bias
            assert isinstance(connection.weight, Tensor)
            assert bias is not None
            before.append((connection.weight, incoming, connection.weight[incoming].clone(), bias, bias.clone()))
            _disconnect(connection, [neuron], self.mean, {})
        try:
            yield
        finally:
            for weight, incoming, weights, bias, values in before:
                weight[incoming] = weights
                bias.copy_(values)


def compare_lesions(
    trained: Trained,
    neurons: Sequence[int],
    images: Float[Tensor, "samples features"],
    labels: Int64[Tensor, " samples"],
    seeds: Iterable[int] = range(20),
    *,
    substitute: bool = False,
) -> GroupLesion:
    """Remove neurons of the analyzed layer, and as many random ones, once per seed.

    Args:
        trained: the network; means are taken over its held-out images.
        neurons: the neurons to remove.
        images: the images to measure accuracy on, such as test images that were not used for the choice.
        labels: their labels.
        seeds: each draws other neurons from the whole layer.
        substitute: whether the most similar of the remaining neurons substitutes for each removed one, whether chosen or drawn.
    """
    layer, size = trained.layer_name, trained.layer.num_neurons
    output = trained.withheld[layer].output
    mean = output.mean(0)
    network, currents = _with_given_drive(trained.network, images)
    covariance = _covariance(output) if substitute else None

    def accuracy_without(some: Sequence[int]) -> float:
        others = None if covariance is None else _substitutes(some, covariance)
        return accuracy(without(network, some, mean, layer, others), currents, labels)

    at_random = [torch.randperm(size, generator=torch.Generator().manual_seed(seed))[: len(neurons)].tolist() for seed in seeds]
    chosen, *drawn = [accuracy_without(some) for some in (neurons, *at_random)]
    return GroupLesion(tuple(neurons), accuracy(network, currents, labels), chosen, tuple(drawn))


def _right(network: Classifier, images: Float[Tensor, "samples features"], labels: Int64[Tensor, " samples"]) -> Bool[Tensor, " samples"]:
    return network.predict_proba(images, None, "expected").argmax(1) == labels


class _Given(nn.Module):
    """A connection whose current is its input."""

    def forward(self, current: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        return current


def _with_given_drive(
    network: Classifier, images: Float[Tensor, "samples features"]
) -> tuple[Classifier, Float[Tensor, "samples neurons_or_features"]]:
    """The network with the current that images cause as its input, and this current: removals do not change it.

    So most of the work, the product of images and weights, is done once. If several connections receive the images, they stay the input.
    """
    receivers = [(p.name, source) for p in network.network.placed() for source, origin in p.wiring.sources.items() if origin == "input"]
    if len(receivers) != 1:
        return network, images
    copied = copy.deepcopy(network)
    [(name, source)] = receivers
    connections = copied.network.layer(name).layer.connections
    with torch.no_grad():
        currents = connections[source](images)
    connections[source] = _Given()
    return copied, currents


def _editable_copy(network: Classifier, layer: str) -> tuple[Classifier, list[Connection]]:
    """A copy of a network, and its connections that receive a layer: each has a bias, and weights from each neuron that can be changed."""
    copied = copy.deepcopy(network)
    receiving = []
    for receiver in copied.network.placed():
        connections = receiver.layer.connections
        for source, origin in receiver.wiring.sources.items():
            if origin == layer:
                connection = connections[source] = _editable(connections[source])
                receiving.append(connection)
    return copied, receiving


@torch.no_grad()
def _disconnect(
    connection: Connection, removed: list[int], mean_output: Float[Tensor, " neurons"], substitutes: Mapping[int, Substitute]
) -> None:
    weights: Tensor = connection.weight  # type: ignore[assignment]
    assert connection.bias is not None
    for neuron in removed:
        incoming = _weights_from(connection, neuron)
        weight = weights[incoming].clone()
        receivers = incoming[0]
        weights[incoming] = 0
        connection.bias[receivers] += weight * mean_output[neuron]
        if neuron in substitutes:
            other, slope = substitutes[neuron]
            into = torch.zeros_like(connection.bias).index_add(0, receivers, weight * slope)
            connected = _weights_from(connection, other)
            weights[connected] += into[connected[0]]
            connection.bias[connected[0]] -= into[connected[0]] * mean_output[other]


def _editable(connection: nn.Module) -> Connection:
    """The connection, or one with the same currents, that has a bias and whose weights from each neuron can be changed."""
    if not isinstance(connection, Connection) or not connection.is_learned:
        raise ConfigurationError("a neuron can be removed only if every connection that receives it has weights of its own.")
    editable = connection if connection.weights_from(0) is not None else connection.as_dense()
    if editable.bias is None:
        weights: Tensor = editable.weight  # type: ignore[assignment]
        editable.bias = nn.Parameter(weights.new_zeros(len(weights)))
    return editable


def _weights_from(connection: Connection, neuron: int) -> tuple[Tensor, Tensor]:
    found = connection.weights_from(neuron)
    if found is None:
        raise ConfigurationError(f"`weights_from` must give positions for every neuron that a connection receives; got None for {neuron}.")
    return found
