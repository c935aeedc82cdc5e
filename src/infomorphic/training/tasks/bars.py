"""Bars without labels: which neuron comes to code which bar."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from infomorphic.bars.evaluation import Evaluation, evaluate
from infomorphic.bars.images import Bars
from infomorphic.bars.network import train_epoch
from infomorphic.limits import MOST_SAMPLES, check_fits_memory, check_network_fits
from infomorphic.networks.network import InfomorphicNetwork
from infomorphic.networks.optimizer import adam
from infomorphic.networks.presets import bars as preset
from infomorphic.networks.settings import Whole
from infomorphic.seeding import generator_for
from infomorphic.training import task
from infomorphic.training.config import TrainConfig
from infomorphic.training.recording import information_of_layers, receptive_fields, self_cosine_distance
from infomorphic.training.settings import BatchSize, DataSettings, Epochs, TrainingSettings


class Data(Bars, DataSettings):
    """The bars, and how many images of them."""

    images: Annotated[Whole, Field(ge=2, le=MOST_SAMPLES)] = 10_000


class Training(TrainingSettings):
    """How long and how to train."""

    epochs: Epochs = 40
    batch_size: BatchSize = 1000


@dataclass(frozen=True, kw_only=True)
class Summary(task.Summary):
    """The result of a run."""

    neurons: int
    bars: int
    bits_correct: float
    """The fraction of (image, bar) bits that the neurons get right, each matched to a bar, inverted ones turned round."""
    layer_information: float | None
    """Of the outputs (+1 where θ ≥ 1/2) about the bars, in bits; None where it cannot be enumerated."""
    one_bar_each: bool
    """Whether every neuron codes a bar of its own, with at least 99 % of the bits right."""


class Task(task.Task[InfomorphicNetwork]):
    """Train a layer on images of bars, which it is never told apart."""

    Data = Data
    Training = Training
    Summary = Summary

    @staticmethod
    def run_name(config: TrainConfig) -> str:
        data, neurons = config.section("data", Data), config.section("network", preset.Settings).neurons
        return f"{config.preset}-{data.num_bars}-{neurons}-seed{config.training.seed}"

    def __init__(self, config: TrainConfig, data_dir: Path | None):
        self.config = config
        self.data, self.training = config.section("data", Data), config.section("training", Training)
        settings, seed, device = config.section("network", preset.Settings), self.training.seed, self.training.device
        check_network_fits(settings.num_weights(self.data.num_pixels, 0))
        # Some copies of the images exist while they are drawn.
        size = 16 * self.data.images * self.data.num_pixels
        check_fits_memory(size, f"{self.data.images:,} images of {self.data.num_pixels:,} pixels", "Choose fewer or smaller images.")
        self.images = self.data.sample(self.data.images, generator_for(seed, "images")).images.to(device)
        self.network = preset.build(settings, self.data.num_pixels, generator_for(seed, "weights")).to(device)
        self.optimizer = adam(self.network.layers, settings.optimizers())

    def train_epoch(self, epoch: int, on_part: Callable[[float], None] | None = None) -> dict[str, Any]:
        self._before = receptive_fields(self.network)
        train_epoch(self.network, self.optimizer, self.images, self.training.batch_size, generator_for(self.training.seed, "order", epoch))
        if on_part is not None:
            on_part(1.0)
        return {}

    def measure(self, epoch: int) -> dict[str, Any]:
        found = self._evaluated(epoch)
        turned = self_cosine_distance(self._before, receptive_fields(self.network))
        probe = self.images[: self.training.batch_size]
        presented = self.network({preset.INPUT: probe}, generator_for(self.training.seed, "probe", epoch))
        return {
            "bits_correct": found.bits_correct,
            "layer_information": found.layer_information,
            **{f"{name}.self_cosine_distance": distance for name, distance in turned.items()},
            **information_of_layers(self.network, presented),
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

    def _evaluated(self, epoch: int) -> Evaluation:
        return evaluate(self.network, self.data, generator_for(self.training.seed, "evaluation", epoch))
