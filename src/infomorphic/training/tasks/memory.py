"""Associative memory: all patterns in every step, and how well the network recalls them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import torch
from pydantic import Field

from infomorphic.errors import ConfigurationError
from infomorphic.memory.information import neuron_information
from infomorphic.memory.network import EPOCHS, clamped, couplings_of
from infomorphic.memory.patterns import Patterns, random_patterns
from infomorphic.memory.recall import recall, score
from infomorphic.networks.network import InfomorphicNetwork
from infomorphic.networks.presets import memory as preset
from infomorphic.seeding import generator_for
from infomorphic.training import task
from infomorphic.training.config import TrainConfig
from infomorphic.training.optimizer import adam
from infomorphic.training.settings import DataSettings, TrainingSettings


class Data(DataSettings):
    """Random patterns of ±1."""

    load: Annotated[float, Field(gt=0)] = 1.5
    """Patterns a neuron."""
    correlation: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The expected overlap of two patterns."""


class Training(TrainingSettings):
    """How long to train, with all patterns in every epoch."""

    epochs: Annotated[int, Field(ge=0)] = EPOCHS
    epochs_a_record: Annotated[int, Field(ge=1)] = 100
    """Epochs between two records, each with a checkpoint."""


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
        training = config.section("training", Training)
        self.settings = config.section("network", preset.Settings)
        self.patterns = patterns_of(config).to(training.device)
        self.network = preset.build(self.settings, generator_for(training.seed, "weights")).to(training.device)
        self.optimizer = adam(self.network.layers, self.settings.optimizers())
        self.epochs_a_record = training.epochs_a_record

    def train_epoch(self, epoch: int) -> dict[str, Any]:
        self.optimizer.zero_grad(set_to_none=True)
        self.network.learn(clamped(self.patterns))
        self.optimizer.step()
        return {}

    @torch.no_grad()
    def measure(self, epoch: int) -> dict[str, Any]:
        couplings = couplings_of(self.network)
        terms = neuron_information(couplings, self.patterns, self.settings)
        goal = self.network.goals[preset.LAYER].goal
        means = {label: float(f"{float(term.double().mean()):.6g}") for label, term in terms.items()}
        value = sum(weight * means[label] for label, weight in goal.weights.items()) + goal.residual_entropy * means["H_res"]
        record = {"score": self._recalled()["score"], f"{preset.LAYER}.goal": float(f"{value:.6g}")}
        return record | {f"{preset.LAYER}.{label}": mean for label, mean in means.items()}

    def result(self, epoch: int) -> dict[str, Any]:
        count, neurons = self.patterns.shape
        return {"neurons": neurons, "load": count / neurons, **self._recalled()}

    def _recalled(self) -> dict[str, float]:
        found = recall(couplings_of(self.network), self.patterns)
        unchanged = (found.states == self.patterns).all(1) & (found.period == 1)
        return {"score": score(found.states, self.patterns), "fixed_points": float(unchanged.double().mean())}


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
    return random_patterns(count, neurons, generator_for(config.training.seed, "patterns"), data.correlation)
