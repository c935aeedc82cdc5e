"""Bars without labels: neurons learn to code one bar each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field as Limits
from torch import Tensor

from infomorphic.limits import MOST_SAMPLES, check_fits_memory, check_network_fits
from infomorphic.networks.about import NOT_STATED, About
from infomorphic.networks.network import InfomorphicNetwork
from infomorphic.networks.optimizer import adam
from infomorphic.networks.settings import Whole
from infomorphic.seeding import generator_for
from infomorphic.tasks.bars import preset
from infomorphic.tasks.bars.evaluation import Evaluation, evaluate
from infomorphic.tasks.bars.exhibits import exhibits
from infomorphic.tasks.bars.images import Bars
from infomorphic.tasks.bars.network import train_epoch
from infomorphic.training import task
from infomorphic.training.development import Development
from infomorphic.training.exhibits import Exhibit
from infomorphic.training.recording import information_of_neurons, mean_information, receptive_fields, self_cosine_distance, snapshots
from infomorphic.training.results import Result, Score, Tile
from infomorphic.training.settings import BatchSize, DataSettings, Epochs, TrainingSettings
from infomorphic.training.task import Sections, TrainedRun


class Data(Bars, DataSettings):
    """The settings of the bars, and the number of images."""

    images: Annotated[Whole, Limits(ge=2, le=MOST_SAMPLES), About(unit="images", published=NOT_STATED)] = 10_000
    """Number of training images."""


class Training(TrainingSettings):
    """How long and how to train."""

    epochs: Epochs = 40
    batch_size: BatchSize = 1000
    """Images per batch; all if there are fewer."""


@dataclass(frozen=True, kw_only=True)
class Summary(task.Summary):
    """The result of a run."""

    neurons: int
    bars: int
    bits_correct: float
    """The fraction of correct (image, bar) bits, with each neuron matched to a bar and inverted neurons corrected."""
    layer_information: float | None
    """Information of the outputs (+1 where θ ≥ 1/2) about the bars, in bits; None if it cannot be enumerated."""
    one_bar_each: bool
    """Whether every neuron codes its own bar, with at least 99 % of the bits correct."""


BarSections = Sections[preset.Settings, Data, Training]


class Task(task.Task[InfomorphicNetwork, preset.Settings, Data, Training]):
    """Train a layer on images of bars, without labels."""

    name = "bars"
    score = Score("bits right", "bits_correct", "bits_correct", "%")
    estimated_from = "a batch of training images"
    source_words = MappingProxyType(
        {"F": "the image, which drives the neuron", "C": "the outputs of all other neurons one presentation earlier (bars have no labels)"}
    )
    curves = MappingProxyType({"bits_correct": "bits right"})
    Data = Data
    Training = Training
    Summary = Summary

    @staticmethod
    def run_name(sections: BarSections) -> str:
        return f"{sections.preset.short_name}-{sections.data.num_bars}-{sections.network.neurons}-seed{sections.training.seed}"

    def __init__(self, sections: BarSections, data_dir: Path | None):
        self.sections = sections
        self.data, self.training = sections.data, sections.training
        settings, seed, device = sections.network, self.training.seed, self.training.device
        check_network_fits(settings.num_weights(self.data.num_pixels, 0))
        # Drawing the images needs several copies of them.
        size = 16 * self.data.images * self.data.num_pixels
        check_fits_memory(size, f"{self.data.images:,} images of {self.data.num_pixels:,} pixels", "Choose fewer or smaller images.")
        self.images = self.data.sample(self.data.images, generator_for(seed, "images")).images.to(device)
        self.network = sections.preset.build(settings, (self.data.size, self.data.size), generator_for(seed, "weights")).to(device)
        self.optimizer = adam(self.network.layers, settings.optimizers())

    def train_epoch(self, epoch: int, on_part: Callable[[float], None] | None = None) -> dict[str, Any]:
        self._before = receptive_fields(self.network)
        train_epoch(self.network, self.optimizer, self.images, self.training.batch_size, generator_for(self.training.seed, "order", epoch))
        if on_part is not None:
            on_part(1.0)
        return {}

    def measure(self, epoch: int) -> dict[str, Any]:
        found = self._evaluated(epoch)
        fields = receptive_fields(self.network)
        self.snapshots = snapshots(self.network, fields, {})
        turned = self_cosine_distance(self._before, fields)
        probe = self.images[: self.training.batch_size]
        presented = self.network({preset.INPUT: probe}, generator_for(self.training.seed, "probe", epoch))
        self.neurons = information_of_neurons(self.network, presented)
        return {
            "bits_correct": found.bits_correct,
            "layer_information": found.layer_information,
            **{f"{name}.self_cosine_distance": distance for name, distance in turned.items()},
            **mean_information(self.neurons),
        }

    def result(self, epoch: int) -> dict[str, Any]:
        found = self._evaluated(epoch)
        return {
            "neurons": found.coding.agreement.shape[0],
            "bars": self.data.num_bars,
            "bits_correct": found.bits_correct,
            "layer_information": found.layer_information,
            "one_bar_each": found.one_bar_each,
        }

    @staticmethod
    def estimated_seconds(sections: BarSections) -> float:
        # Measured with 8 and 32 neurons; within a factor of about two.
        return 1.0 + sections.training.epochs * sections.data.images / 10_000 * (0.15 + 0.002 * sections.network.neurons)

    @staticmethod
    def in_words(summary: Any) -> Result:
        verdict = "every neuron codes a bar of its own" if summary.one_bar_each else "not every neuron codes a bar of its own"
        known = summary.layer_information
        information = "" if known is None else f"; the layer carries {known:.2f} of {summary.bars} bits"
        return Result(
            f"{summary.preset}: {summary.neurons} neurons, {summary.bars} bars, {summary.epochs} epochs, seed {summary.seed}",
            f"{100 * summary.bits_correct:.2f} % of the (image, bar) bits right: {verdict}{information}",
        )

    @staticmethod
    def tiles(summary: Mapping[str, Any], last_record: Mapping[str, Any]) -> list[Tile]:
        tiles = []
        if (bits := {**last_record, **summary}.get("bits_correct")) is not None:
            tiles.append(Tile(f"{100 * bits:.2f} %", "of the (image, bar) bits right"))
        if (information := summary.get("layer_information")) is not None:
            tiles.append(Tile(f"{information:.2f} bits", f"information of the layer about {summary.get('bars')} bars"))
        return tiles

    @staticmethod
    def rebuild(
        sections: BarSections, weights: Mapping[str, Tensor], sizes: Mapping[str, Any] = MappingProxyType({})
    ) -> InfomorphicNetwork:
        return sections.preset.build(sections.network, (sections.data.size, sections.data.size))

    @classmethod
    def exhibits(cls, run: TrainedRun, network: InfomorphicNetwork, development: Development) -> Sequence[Exhibit]:
        return exhibits(run.sections.data, run.sections.training.seed, network, development, run.checkpoint.metrics)

    def _evaluated(self, epoch: int) -> Evaluation:
        return evaluate(self.network, self.data, generator_for(self.training.seed, "evaluation", epoch))
