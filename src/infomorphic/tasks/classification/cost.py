"""The size of a network before its data are read, and about how long it trains on one core.

Fitted to runs of 100 epochs on MNIST whose times are in `results/`: 35 s for the readout alone, 74 s for backpropagation and 67 s for
setup 1 with 100 neurons, 1930 s for setup 2 with 2000. It is accurate within a factor of about two; a study corrects it by its finished
trials. Measures other than shared exclusions and outputs that are not binary train much slower.
"""

from typing import NamedTuple

from infomorphic.data.loading import known_size
from infomorphic.errors import InfomorphicError
from infomorphic.networks.network import Classifier
from infomorphic.tasks.classification.data import Images

# Seconds for reading data and compiling or loading kernels.
_START = 3.0
_READOUT, _NEURON, _INPUT, _LATERAL = 30.0, 0.2, 0.2 / 784, 5e-4
"""Seconds for 100 epochs of 48,000 images: in total, per neuron, per connection from below, per connection within a layer or backwards."""
_IMAGES = 48_000
_GUESSED_IMAGES, _GUESSED_SHAPE, _GUESSED_CLASSES = 10_000, (28, 28), 10


class _Size(NamedTuple):
    neurons: int
    """Neurons in front of the readout; of the readout, if there is no other layer."""
    inputs: int
    """Their connections from below."""
    lateral: int
    """Their connections within a layer and from layers above."""


def num_neurons(sections: Images) -> int | None:
    """The neurons in front of the readout; None if the network cannot be built before its data are read."""
    stated = sections.network.num_neurons()
    if stated is not None:
        return stated
    size = _size_of(_built(sections))
    return None if size is None else size.neurons


def estimated_seconds(sections: Images) -> float:
    """Estimated seconds of one training on one core."""
    images, pixels = _GUESSED_IMAGES, 784
    if (data := known_size(sections.data.dataset)) is not None:
        images, pixels = data.train_images * (1 - sections.data.validation_fraction), data.num_features
    network = sections.network
    neurons = network.num_neurons()
    if neurons is not None:
        size = _Size(neurons, neurons * pixels, neurons * min(neurons, network.lateral_connections_each()))
    else:
        size = _size_of(_built(sections)) or _Size(0, 0, 0)
    whole = _READOUT + _NEURON * size.neurons + _INPUT * size.inputs + _LATERAL * size.lateral
    return _START + sections.training.epochs / 100 * images / _IMAGES * whole


def _built(sections: Images) -> Classifier | None:
    """The network for data of the configured size, or of a usual one; None if its function cannot build it for them."""
    data = known_size(sections.data.dataset)
    inputs = _GUESSED_SHAPE if data is None else data.image_shape or data.num_features
    sizes = {"inputs": inputs, "classes": _GUESSED_CLASSES if data is None else data.num_classes}
    try:
        return sections.preset.task.rebuild(sections, {}, sizes)  # type: ignore[return-value]
    except InfomorphicError:  # a network of a user's own may fit only data of one shape; training reports what is wrong
        return None


def _size_of(network: Classifier | None) -> _Size | None:
    if network is None:
        return None
    order = list(network.network.layers)
    counted = [placed for placed in network.network.placed() if placed.name != network.readout] or list(network.network.placed())
    neurons = inputs = lateral = 0
    for placed in counted:
        neurons += placed.layer.num_neurons
        for source, connection in placed.layer.connections.items():
            origin = placed.wiring.sources[source]
            weights = sum(parameter.numel() for parameter in connection.parameters())
            if origin in order[order.index(placed.name) :]:
                lateral += weights
            elif source == placed.layer.sources[0]:
                inputs += weights
    return _Size(neurons, inputs, lateral)
