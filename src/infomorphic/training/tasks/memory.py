"""Associative memory: all patterns in every step, and how well the network recalls them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from infomorphic.errors import ConfigurationError
from infomorphic.limits import check_fits_memory, check_network_fits
from infomorphic.memory.network import EPOCHS, clamped, couplings_of, train_epoch
from infomorphic.memory.patterns import Patterns, random_patterns
from infomorphic.memory.recall import fixed_points, recall, score
from infomorphic.networks.network import InfomorphicNetwork
from infomorphic.networks.optimizer import adam
from infomorphic.networks.presets import memory as preset
from infomorphic.networks.settings import Real
from infomorphic.seeding import generator_for
from infomorphic.training import task
from infomorphic.training.config import TrainConfig
from infomorphic.training.recording import information_of_layers
from infomorphic.training.settings import DataSettings, Epochs, Stride, TrainingSettings


class Data(DataSettings):
    """Random patterns of ±1."""

    load: Annotated[Real, Field(gt=0, le=1000)] = 1.5
    """Patterns a neuron."""
    correlation: Annotated[Real, Field(ge=0, le=1)] = 0.0
    """The expected overlap of two patterns."""


class Training(TrainingSettings):
    """How long to train, with all patterns in every epoch."""

    epochs: Epochs = EPOCHS
    epochs_a_record: Stride = 100


@dataclass(frozen=True, kw_only=True)
class Summary(task.Summary):
    """The result of a run."""

    neurons: int
    load: float
    """Patterns a neuron, as the number of patterns comes out."""
    score: float
    """Mean cosine similarity to the pattern after recall from it, without noise."""
    fixed_points: float
    """The fraction of patterns that recall does not change at all."""


class Task(task.Task[InfomorphicNetwork]):
    """Store the patterns of a seed."""

    Data = Data
    Training = Training
    Summary = Summary

    @staticmethod
    def run_name(config: TrainConfig) -> str:
        neurons, load = config.section("network", preset.Settings).neurons, config.section("data", Data).load
        return f"{config.preset}-{neurons}-load{load:g}-seed{config.training.seed}"

    def __init__(self, config: TrainConfig, data_dir: Path | None):
        settings, training = config.section("network", preset.Settings), config.section("training", Training)
        self.config = config
        check_network_fits(settings.num_weights(0, 0))
        self.patterns = patterns_of(config).to(training.device)
        self.settings = settings
        self.network = preset.build(settings, generator_for(training.seed, "weights")).to(training.device)
        self.optimizer = adam(self.network.layers, settings.optimizers())

    def train_epoch(self, epoch: int, on_part: Callable[[float], None] | None = None) -> dict[str, Any]:
        train_epoch(self.network, self.optimizer, self.settings, self.patterns, epoch)
        if on_part is not None:
            on_part(1.0)
        return {}

    def measure(self, epoch: int) -> dict[str, Any]:
        return {"score": self._recalled()["score"], **information_of_layers(self.network, self.network(clamped(self.patterns)))}

    def result(self, epoch: int) -> dict[str, Any]:
        count, neurons = self.patterns.shape
        return {"neurons": neurons, "load": count / neurons, **self._recalled()}

    def _recalled(self) -> dict[str, float]:
        found = recall(couplings_of(self.network), self.patterns)
        return {"score": score(found.states, self.patterns), "fixed_points": fixed_points(found, self.patterns)}


def patterns_of(config: TrainConfig) -> Patterns:
    """The patterns that a run stores.

    Raises:
        ConfigurationError: if the load is too small for a pattern.
    """
    data = config.section("data", Data)
    neurons = config.section("network", preset.Settings).neurons
    count = round(data.load * neurons)
    if count < 1:
        raise ConfigurationError(f"`load` must give at least one pattern in {neurons} neurons; got {data.load:g}.")
    check_fits_memory(32 * count * neurons, f"{count:,} patterns of {neurons:,} bits", "Choose a smaller load or fewer neurons.")
    return random_patterns(count, neurons, generator_for(config.training.seed, "patterns"), data.correlation)
