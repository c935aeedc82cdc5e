"""The content of a page about single neurons, as plain data of bounded size."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.analysis.description import absence_by_class
from infomorphic.analysis.neurons import Neurons, analyze_neurons
from infomorphic.analysis.outgoing import outgoing_weights
from infomorphic.analysis.selectivity import coded_classes
from infomorphic.analysis.trained import Trained, hidden_layers
from infomorphic.layers import Connection
from infomorphic.networks.network import Classifier
from infomorphic.reports.development_content import development_content
from infomorphic.reports.layer_content import layer_content
from infomorphic.reports.pictures import field_picture, guessed_shape, image_picture
from infomorphic.reports.record import RunRecord
from infomorphic.reports.rounding import short
from infomorphic.reports.waterfall import waterfall


class Room(NamedTuple):
    """A limit in characters of the page: for each neuron, and for all of them."""

    per_neuron: int
    most: int

    def of(self, neurons: int, share: float) -> float:
        """The room of a layer that has a share of the page."""
        return min(self.per_neuron * neurons, share * self.most)


FIELDS_ROOM, IMAGES_ROOM, HISTORY_ROOM = Room(3_000, 3_000_000), Room(7_000, 2_000_000), Room(5_000, 1_500_000)
DEVELOPMENT_ROOM = Room(10_000, 1_000_000)
_MOST_LATERAL_WEIGHTS = 12
_IMAGES_EACH = 8
_MILLI = 1000


def neurons_content(
    record: RunRecord, on_progress: Callable[[str, int, int], None] = lambda phase, done, total: None
) -> list[dict[str, Any]]:
    """Everything about the neurons of each hidden layer; only weights and history if the data are missing; empty without a network.

    Args:
        record: what was read of the run.
        on_progress: called with each phase, how many neurons are done, and of how many; 0 of 0 where that is not counted.
    """
    if record.trained is not None:
        names = record.trained.hidden_layers
        return [_measured(record, record.trained.at(name), on_progress, 1 / len(names)) for name in names]
    if record.network is not None:
        names = hidden_layers(record.network)
        return [_weights_only(record, record.network, name, 1 / len(names)) for name in names]
    return []


def _measured(record: RunRecord, trained: Trained, on_progress: Callable[[str, int, int], None], room: float) -> dict[str, Any]:
    """What was measured of one layer; `room` is its share of the page's room."""
    name = trained.layer_name
    of_layer = f" of {name}" if room < 1 else ""
    on_progress(f"measuring what the neurons{of_layer} encode", 0, 0)
    neurons = analyze_neurons(
        trained, _IMAGES_EACH, lambda done, total: on_progress(f"removing each neuron{of_layer} in turn", done, total)
    )
    on_progress(f"removing the redundant neurons{of_layer}", 0, 0)
    layer = layer_content(trained, neurons)
    on_progress("drawing the neurons", 0, 0)
    shape = trained.data.image_shape
    fields = _field_shape(trained.network, name, shape)
    pictures, driving, silencing = _driving_images(trained, neurons, shape, room)
    losses = neurons.losses
    lateral = neurons.shared_with_lateral
    rows = []
    for j in range(len(neurons)):
        preferred, avoided = neurons.selectivity.preferred[j], neurons.selectivity.avoided[j]
        near = neurons.similarity.nearest(j)
        row: dict[str, Any] = {
            "codes": neurons.codes(j),
            "says": neurons.describe(j),
            "coded": coded_classes(preferred, avoided)[0],
            "preferred": preferred,
            "avoided": avoided,
            "label": short(neurons.selectivity.label_information[j]),
            "entropy": short(neurons.selectivity.entropy[j]),
            "noise": short(neurons.selectivity.noise[j]),
            "firing": [short(v) for v in neurons.selectivity.mean_firing_prob[:, j]],
            "near": [[k, short(neurons.similarity.mutual_information[j, k]), short(neurons.similarity.correlation[j, k])] for k in near],
            "twin": neurons.similarity.twin.get(j),
            "state": "constant" if j in neurons.constant else "idle" if j in neurons.idle else "",
        }
        if losses is not None:
            loss = losses[j]
            row |= {"lost": short(100 * loss.accuracy, 4), "wrong": loss.wrong, "right": loss.right}
            row |= {"lost_says": absence_by_class(loss, neurons.class_names), "lost_by_class": [loss.wrong_by_class, loss.right_by_class]}
        if neurons.goal is not None:
            row |= {
                "goal": short(neurons.goal[j]),
                "waterfall": waterfall(neurons.contributions(j)),
                "atoms": [short(v[j], 4) for v in neurons.atoms.values()],
            }
        if lateral is not None:
            row["lateral"] = short(lateral[j])
        if pictures:
            row |= {"driving": driving[j], "silencing": silencing[j]}
        rows.append(row)
    return {
        **_common(record, trained.network, name, fields, trained.data.class_names, room),
        "part": neurons.part,
        "samples": neurons.samples,
        "loss_images": losses[0].images if losses else None,
        "labels": list(neurons.atoms),
        "neurons": _with_weights(rows, trained.network, name, fields, room),
        "images": pictures,
        **layer,
    }


def _weights_only(record: RunRecord, network: Classifier, name: str, room: float) -> dict[str, Any]:
    layer = network.network.layer(name).layer
    weights = layer.learned_weight(layer.sources[0])
    shape = None if weights is None else _field_shape(network, name, guessed_shape(weights.shape[1]))
    classes = tuple(str(c) for c in range(network.num_classes))
    rows = _with_weights([{} for _ in range(layer.num_neurons)], network, name, shape, room)
    return {**_common(record, network, name, shape, classes, room), "labels": [], "neurons": rows, "images": []}


def _common(
    record: RunRecord, network: Classifier, name: str, shape: tuple[int, ...] | None, class_names: tuple[str, ...], room: float
) -> dict[str, Any]:
    placed = network.network.layer(name)
    return {
        "layer": name,
        "sources": placed.layer.sources,
        "origins": dict(placed.wiring.sources),
        "classes": list(class_names),
        "shape": list(shape) if shape else None,
        "development": development_content(record.development, name, shape, DEVELOPMENT_ROOM.of(placed.layer.num_neurons, room)),
        "history": _history(record, name, placed.layer.num_neurons, room),
    }


def _with_weights(
    rows: list[dict[str, Any]], network: Classifier, name: str, shape: tuple[int, ...] | None, room: float
) -> list[dict[str, Any]]:
    """The rows with receptive fields and the weights of the other sources."""
    layer, origins = network.network.layer(name).layer, network.network.layer(name).wiring.sources
    matrices = {source: matrix for source in layer.sources if (matrix := layer.learned_weight(source)) is not None}
    hidden = hidden_layers(network)
    # What a hidden layer receives from another is no picture: its largest weights are listed like those of neighbors.
    driving = matrices.pop(layer.sources[0], None) if origins[layer.sources[0]] not in hidden else None
    if driving is not None and shape:
        left = FIELDS_ROOM.of(len(rows), room)
        for row, weights in zip(rows, driving.numpy(), strict=True):
            picture = field_picture(weights, shape)
            left -= len(picture)
            if left < 0:
                break
            row["field"] = picture
    for source, matrix in matrices.items():
        of_neurons, of_itself = origins[source] in hidden, origins[source] == name
        for j, row in enumerate(rows):
            chosen = _strongest(matrix[j]) if of_neurons else range(len(matrix[j]))
            row.setdefault("weights", {})[source] = [[k, short(matrix[j, k])] for k in chosen if not of_itself or k != j]
    for receiver, matrix in outgoing_weights(network, name).items():
        for j, row in enumerate(rows):
            chosen = range(len(matrix)) if receiver == network.readout else _strongest(matrix[:, j])
            row.setdefault("outgoing", {})[receiver] = [[k, short(matrix[k, j])] for k in chosen]
    return rows


def _strongest(weights: Float[Tensor, " neurons"]) -> list[int]:
    """The neurons of largest |weight|, the largest first."""
    return weights.abs().argsort(descending=True, stable=True)[:_MOST_LATERAL_WEIGHTS].tolist()


def _driving_images(
    trained: Trained, neurons: Neurons, shape: tuple[int, ...] | None, room: float
) -> tuple[list[dict[str, str]], list[list[int]], list[list[int]]]:
    """The images that drive neurons most and least, without repetition, and their numbers for each neuron."""
    if shape is None or not (len(shape) == 2 or shape[2] in (1, 3)):
        return [], [], []
    pixels = trained.images * trained.data.deviation + trained.data.mean
    low, high = float(pixels.min()), float(pixels.max())
    scale = 255 / (high - low) if high > low else 1.0

    def picture(index: int) -> str:
        return image_picture(((pixels[index] - low) * scale).round().clamp(0, 255).to(torch.uint8).numpy(), shape)

    typical = np.mean([len(picture(i)) for i in neurons.driving[0, :10].tolist()])
    each = max(1, min(_IMAGES_EACH, int(IMAGES_ROOM.of(len(neurons), room) / typical / (2 * len(neurons)))))
    place: dict[int, int] = {}
    sides = [
        [[place.setdefault(i, len(place)) for i in column] for column in side[:each].T.tolist()]
        for side in (neurons.driving, neurons.silencing)
    ]
    names = trained.data.class_names
    return [{"uri": picture(i), "class": names[int(trained.labels[i])]} for i in place], sides[0], sides[1]


def _history(record: RunRecord, layer: str, num_neurons: int, room: float) -> dict[str, Any] | None:
    """Atoms of each neuron by epoch in thousandths of a bit; fewer epochs if there are many neurons."""
    values = record.history.of_layer(layer)
    if not values:
        return None
    epochs = record.history.epochs
    most = max(2, int(HISTORY_ROOM.of(num_neurons, room) / (5 * num_neurons * len(values))))
    chosen = np.unique(np.linspace(0, len(epochs) - 1, min(most, len(epochs))).round().astype(int)).tolist()
    return {
        "epochs": [epochs[i] for i in chosen],
        "millibits": {label: (v[chosen].float() * _MILLI).round().int().T.tolist() for label, v in values.items()},
    }


def _field_shape(network: Classifier, name: str, images: tuple[int, ...] | None) -> tuple[int, ...] | None:
    """The shape of the receptive fields of a layer: that of its driving connection, else that of images if it receives them."""
    placed = network.network.layer(name)
    driving = placed.layer.sources[0]
    connection = placed.layer.connections[driving]
    shape = connection.input_shape if isinstance(connection, Connection) else ()
    return shape or (images if placed.wiring.sources[driving] not in network.network.layers else None)
