"""Classification of images: batches in random order, accuracy on held-out images, atoms of each layer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from infomorphic import plugins
from infomorphic.data.shifting import RandomShifts
from infomorphic.networks.blind_sources import warn_of_blind_sources
from infomorphic.networks.epoch import PUBLISHED_BATCH, train_epoch
from infomorphic.networks.evaluation import Observe, evaluate
from infomorphic.networks.network import Classifier, Presented
from infomorphic.networks.optimizer import adam
from infomorphic.networks.settings import NetworkSettings
from infomorphic.parallel import Division, Processes, divide
from infomorphic.seeding import generator_for
from infomorphic.tasks.classification.cost import estimated_seconds, num_neurons
from infomorphic.tasks.classification.data import (
    Images,
    LabeledImages,
    Training,
    as_it_learns,
    build_network,
    images_and_labels,
    learning_of,
    load_data,
    load_network,
)
from infomorphic.tasks.classification.evaluation import evaluated
from infomorphic.tasks.classification.summary import in_words, results, tiles
from infomorphic.training import task
from infomorphic.training.epoch_records import is_recorded
from infomorphic.training.recording import (
    ClassResponses,
    information_of_neurons,
    mean_information,
    receptive_fields,
    self_cosine_distance,
    snapshots,
)
from infomorphic.training.results import Evaluated, Score
from infomorphic.training.task import EvaluationOptions, LabeledRun, TrainedRun

# Number of training images, the same in every epoch, from which information terms are estimated: one batch of the published size.
_PROBE_SIZE = 1024

# The published rule, that a readout neuron is inverted if it fires more often than not, assumes that each class is a small part of
# the images: with two classes, every neuron fires half of the time. If a class has at least this share, the labels are used instead.
_LARGE_CLASS = 1 / 4


@dataclass(frozen=True, kw_only=True)
class Summary(task.Summary):
    """The result of a run. `test_accuracy` uses one sampled output, the published protocol; `…_expected` uses deterministic inference."""

    dataset: str
    hidden: int
    """Neurons in front of the readout."""
    layers: dict[str, int]
    """The neurons of every layer, by its name, in the order of the network."""
    learning: str
    """How layers learned: `goals` or `backprop`."""
    train_accuracy: float
    validation_accuracy: float
    test_accuracy: float
    train_accuracy_expected: float
    validation_accuracy_expected: float
    test_accuracy_expected: float


class Task(task.Task[Classifier, NetworkSettings, LabeledImages, Training]):
    """Train a `Classifier` on labeled images."""

    name = "classification"
    score = Score("accuracy", "test_accuracy", "validation_accuracy", "%")
    classifies = True
    benchmark = "backprop"
    compared = ("test_accuracy", "test_accuracy_expected")
    estimated_from = "a batch of training images with their labels"
    neurons_are = "hidden neurons"
    curves = MappingProxyType(
        {
            "validation_accuracy": "validation",
            "test_accuracy": "test",
            "validation_accuracy_expected": "validation, expected outputs",
            "test_accuracy_expected": "test, expected outputs",
            "online_accuracy": "training, while learning",
        }
    )
    Data = LabeledImages
    Training = Training
    Summary = Summary

    @staticmethod
    def run_name(sections: Images) -> str:
        dataset = plugins.short(sections.data.dataset).split(":")[0][:50]  # a longer name is invalid as a folder name
        size = getattr(sections.network, "hidden", None)
        changed = sections.training.learning not in (None, sections.network.learning)
        parts = [
            sections.preset.short_name,
            *([sections.training.learning] if changed else []),
            dataset,
            *([] if size is None else [str(size)]),
            f"seed{sections.training.seed}",
        ]
        return "-".join(parts)

    def __init__(self, sections: Images, data_dir: Path | None):
        data = load_data(sections, data_dir)
        self.batch_size = sections.training.batch_size_for(len(data.train_labels))
        self.data = data.to(sections.training.device)
        self.sizes = {"inputs": data.image_shape or data.num_features, "classes": data.num_classes}
        self.shifts = RandomShifts(data.image_shape, sections.data.shift) if sections.data.shift else None
        self.network = build_network(sections, self.data)
        self.sections = sections.with_training(batch_size=self.batch_size, learning=learning_of(self.network))
        self.training = self.sections.training
        self.layers = {placed.name: placed.layer.num_neurons for placed in self.network.network.placed()}
        images, labels = self.data.train_images[:_PROBE_SIZE], self.data.train_labels[:_PROBE_SIZE]
        if self.training.learning == "goals":
            warn_of_blind_sources(self.network, images, labels, generator_for(self.training.seed, "blind sources", 0, self.training.device))
        self.optimizer = adam(self.network.network.layers, sections.network.optimizers_of(self.network.network.layers))

    def divide(self, processes: Processes) -> Division:
        return divide(self.network, self.optimizer, processes)

    def train_epoch(self, epoch: int, on_part: Callable[[float], None] | None = None) -> dict[str, Any]:
        settings = self.training
        order = torch.randperm(len(self.data.train_labels), generator=generator_for(settings.seed, "order", epoch))
        outputs = generator_for(settings.seed, "outputs", epoch, settings.device)
        self._before = receptive_fields(self.network.network)
        images, labels = self.data.train_images, self.data.train_labels
        changed = self._shifted(epoch, len(labels))
        accuracy = train_epoch(self.network, self.optimizer, images, labels, order, self.batch_size, outputs, on_part, changed)
        if float(labels.bincount().max()) > _LARGE_CLASS * len(labels):
            self.network.settle_signs_by_label(images, labels)
        loss = self.network.take_mean_loss()
        return {"online_accuracy": accuracy} if loss is None else {"online_accuracy": accuracy, "loss": loss}

    def measure(self, epoch: int) -> dict[str, Any]:
        network, responses = self.network.network, ClassResponses(self.network.network, self.network.num_classes)
        # As in the analysis of neurons: on validation images, or on test images if there are none.
        observed = "validation" if len(self.data.validation_labels) else "test"
        record: dict[str, Any] = {}
        for part in ("validation", "test"):
            record |= self._accuracies(part, epoch, responses.add if part == observed and is_recorded(epoch) else None)
        fields = receptive_fields(network)
        self.snapshots = snapshots(network, fields, responses.by_layer()) if is_recorded(epoch) else {}
        turned = self_cosine_distance(self._before, fields, network.exchange)
        record |= {f"{name}.self_cosine_distance": distance for name, distance in turned.items()}
        self.neurons = information_of_neurons(network, self._probe(epoch))
        return record | mean_information(self.neurons)

    def result(self, epoch: int) -> dict[str, Any]:
        return {
            "dataset": self.sections.data.dataset,
            "hidden": sum(size for name, size in self.layers.items() if name != self.network.readout),
            "layers": self.layers,
            "learning": self.training.learning,
            **{k: v for part in ("train", "validation", "test") for k, v in self._accuracies(part, epoch).items()},
        }

    in_words = staticmethod(in_words)
    results = staticmethod(results)
    tiles = staticmethod(tiles)
    num_neurons = staticmethod(num_neurons)
    estimated_seconds = staticmethod(estimated_seconds)

    @staticmethod
    def pursues_goals(sections: Images) -> bool:
        return (sections.training.learning or sections.network.learning) == "goals"

    @staticmethod
    def chosen(given: Images, used: Images) -> str:
        size = used.training.batch_size
        if given.training.batch_size is not None or size is None or size >= PUBLISHED_BATCH:
            return ""
        return (
            f"Batch size {size}, because there are few training images "
            f"(for the published {PUBLISHED_BATCH}: `training.batch_size={PUBLISHED_BATCH}`)"
        )

    @staticmethod
    def metrics(sections: Images, summary: Mapping[str, Any]) -> dict[str, float]:
        parts = ("train", "validation", "test") if sections.data.validation_fraction else ("train", "test")
        return {name: summary[name] for how in ("", "_expected") for part in parts if (name := f"{part}_accuracy{how}")}

    @classmethod
    def evaluate(cls, run: TrainedRun, options: EvaluationOptions) -> Evaluated:
        return evaluated(run, options)

    @classmethod
    def labeled(cls, run: TrainedRun) -> LabeledRun:
        data = load_data(run.sections, run.data_dir)
        return LabeledRun(load_network(run, data), data, run.sections.training.batch_size_for(len(data.train_labels)))

    @staticmethod
    def rebuild(sections: Images, weights: Mapping[str, Tensor], sizes: Mapping[str, Any] = MappingProxyType({})) -> Classifier:
        # Of older runs, the numbers of inputs and classes are read from the weights; without weights they do not matter.
        first = next((t for name, t in weights.items() if name.endswith("connections.F.weight") and t.ndim == 2), torch.empty(1, 1))
        inputs = sizes.get("inputs", first.shape[1])
        num_classes = sizes.get("classes", len(weights["inverted"]) if "inverted" in weights else 2)
        generator = generator_for(sections.training.seed, "weights")
        network = sections.preset.build(sections.network, inputs if isinstance(inputs, int) else tuple(inputs), num_classes, generator)
        return as_it_learns(network, sections)

    def _shifted(self, epoch: int, samples: int) -> Callable[[Tensor, Tensor], Tensor] | None:
        """A function that shifts the images of a batch, given their indices; None without shifts."""
        if self.shifts is None:
            return None
        shifts, drawn = self.shifts, self.shifts.draw(samples, generator_for(self.training.seed, "shifts", epoch))
        return lambda images, chosen: shifts(images, drawn[chosen])

    def _accuracies(self, part: str, epoch: int, observe: Observe | None = None) -> dict[str, float]:
        """Accuracy on one part of the data with one sampled output and with expected outputs, whose responses `observe` receives."""
        images, labels = images_and_labels(self.data, part)
        generator = generator_for(self.training.seed, f"evaluation {part}", epoch, self.training.device)
        sampled = evaluate(self.network, images, labels, generator)
        expected = evaluate(self.network, images, labels, inference="expected", observe=observe)
        return {f"{part}_accuracy": sampled.accuracy, f"{part}_accuracy_expected": expected.accuracy}

    def _probe(self, epoch: int) -> dict[str, Presented]:
        """The responses of the layers to a fixed batch of training images and their labels."""
        generator = generator_for(self.training.seed, "probe", epoch, self.training.device)
        return self.network.present(self.data.train_images[:_PROBE_SIZE], self.data.train_labels[:_PROBE_SIZE], generator)
