"""Associative memory: train on all patterns in every step, and measure recall."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field
from torch import Tensor

from infomorphic.errors import ConfigurationError
from infomorphic.limits import check_fits_memory, check_network_fits
from infomorphic.networks.about import DEFAULT, About
from infomorphic.networks.network import InfomorphicNetwork
from infomorphic.networks.optimizer import adam
from infomorphic.networks.settings import Real
from infomorphic.seeding import generator_for
from infomorphic.tasks.memory import preset
from infomorphic.tasks.memory.exhibits import exhibits
from infomorphic.tasks.memory.letters import ALPHABET, PIXELS, WIDTH, letters
from infomorphic.tasks.memory.network import EPOCHS, clamped, couplings_of, train_epoch
from infomorphic.tasks.memory.noisy_recall import Recalled, described, recall_with_noise
from infomorphic.tasks.memory.patterns import Stored, random_patterns
from infomorphic.tasks.memory.recall import fixed_points, recall, score
from infomorphic.training import task
from infomorphic.training.development import Development
from infomorphic.training.exhibits import Exhibit
from infomorphic.training.recording import information_of_layers
from infomorphic.training.results import Evaluated, Result, Score, Tile
from infomorphic.training.settings import DataSettings, Epochs, Stride, TrainingSettings
from infomorphic.training.task import Sections, TrainedRun


class Data(DataSettings):
    """Patterns of ±1."""

    patterns: Annotated[Literal["random", "letters"], About(published=DEFAULT)] = "random"
    """What to store: random bits, or capital letters of 5 × 7 pixels, for which `network.neurons` is 35 and `data.load` 26 / 35 unless given."""
    load: Annotated[Real, Field(gt=0, le=1000), About(unit="patterns per neuron")] = 1.5
    """Patterns to store per neuron; of the letters, the first ones of the alphabet."""
    correlation: Annotated[Real, Field(ge=0, le=1)] = 0.0
    """The expected overlap of two random patterns: 0 for independent ones."""


class Training(TrainingSettings):
    """How long to train, with all patterns in every epoch."""

    epochs: Annotated[Epochs, About(published=DEFAULT)] = EPOCHS
    epochs_a_record: Stride = 100


@dataclass(frozen=True, kw_only=True)
class Summary(task.Summary):
    """The result of a run."""

    neurons: int
    load: float
    """Patterns per neuron, after rounding to a whole number of patterns."""
    score: float
    """Mean cosine similarity to the pattern after recall from it, without noise."""
    fixed_points: float
    """The fraction of patterns that are unchanged by recall."""


MemorySections = Sections[preset.Settings, Data, Training]


class Task(task.Task[InfomorphicNetwork, preset.Settings, Data, Training]):
    """Store the patterns of a seed."""

    name = "memory"
    score = Score("score", "score", "score")
    estimated_from = "the stored patterns"
    source_words = MappingProxyType(
        {
            "F": "the neuron's own bit of the pattern, from outside; absent in recall",
            "C": "what the outputs of all other neurons say about this bit; all that a neuron has in recall",
        }
    )
    curves = MappingProxyType({"score": "score"})
    Data = Data
    Training = Training
    Summary = Summary

    @staticmethod
    def run_name(sections: MemorySections) -> str:
        neurons, load = sections.network.neurons, sections.data.load
        if sections.data.patterns == "letters":
            return f"{sections.preset.short_name}-{round(load * neurons)}-letters-seed{sections.training.seed}"
        return f"{sections.preset.short_name}-{neurons}-load{load:g}-seed{sections.training.seed}"

    @staticmethod
    def defaults_for(data: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
        if data.get("patterns") != "letters":
            return {}
        return {"network": {"neurons": PIXELS}, "data": {"load": len(ALPHABET) / PIXELS}}

    def __init__(self, sections: MemorySections, data_dir: Path | None):
        settings, training = sections.network, sections.training
        self.sections = sections
        check_network_fits(settings.num_weights(0, 0))
        self.patterns = stored_by(sections).patterns.to(training.device)
        self.settings = settings
        self.network = sections.preset.build(settings, generator_for(training.seed, "weights")).to(training.device)
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

    @staticmethod
    def in_words(summary: Any) -> Result:
        patterns = round(summary.load * summary.neurons)
        return Result(
            f"{summary.preset}: {patterns} patterns in {summary.neurons} neurons (load {summary.load:g}), "
            f"{summary.epochs} epochs, seed {summary.seed}",
            f"score {summary.score:.3f} (mean cosine similarity after recall from the pattern); "
            f"{100 * summary.fixed_points:.0f} % of the patterns are fixed points",
        )

    @staticmethod
    def tiles(summary: Mapping[str, Any], last_record: Mapping[str, Any]) -> list[Tile]:
        tiles = []
        if (score := {**last_record, **summary}.get("score")) is not None:
            tiles.append(Tile(f"{score:.3f}", "cosine similarity after recall from the pattern"))
        if (fixed := summary.get("fixed_points")) is not None:
            tiles.append(Tile(f"{100 * fixed:.0f} %", "of the patterns are fixed points"))
        return tiles

    @staticmethod
    def rebuild(
        sections: MemorySections, weights: Mapping[str, Tensor], sizes: Mapping[str, Any] = MappingProxyType({})
    ) -> InfomorphicNetwork:
        return sections.preset.build(sections.network)

    @staticmethod
    def estimated_seconds(sections: MemorySections) -> float:
        return seconds_to_store(sections.data.load * sections.network.neurons, sections.network.neurons, sections.training.epochs)

    @classmethod
    def recall(cls, run: TrainedRun, noise: float = 0.0, seed: int = 0, pattern: int | None = None) -> Evaluated:
        return described(cls.recalled(run, noise, seed, keep_trajectory=pattern is not None), noise, seed, pattern)

    @classmethod
    def recalled(cls, run: TrainedRun, noise: float = 0.0, seed: int = 0, *, keep_trajectory: bool = False) -> Recalled:
        """Recall every stored pattern from a cue with a fraction `noise` of its bits flipped."""
        network = cls.rebuild(run.sections, {})
        run.checkpoint.restore(network)
        return recall_with_noise(couplings_of(network), stored_by(run.sections), noise, seed, keep_trajectory=keep_trajectory)

    @classmethod
    def exhibits(cls, run: TrainedRun, network: InfomorphicNetwork, development: Development) -> Sequence[Exhibit]:
        return exhibits(couplings_of(network), stored_by(run.sections))

    def _recalled(self) -> dict[str, float]:
        found = recall(couplings_of(self.network), self.patterns)
        return {"score": score(found.states, self.patterns), "fixed_points": fixed_points(found, self.patterns)}


def seconds_to_store(patterns: float, neurons: int, epochs: int) -> float:
    """About how many seconds a training with a goal takes on one core: measured at 100 neurons and a load of 1.5."""
    return epochs / 5000 * (4.0 + 6.0 * patterns * neurons / 15_000)


def stored_by(sections: MemorySections) -> Stored:
    """The patterns stored by a run.

    Raises:
        ConfigurationError: if the load gives no pattern or, with letters, other settings do not fit them.
    """
    data, neurons = sections.data, sections.network.neurons
    count = round(data.load * neurons)
    if count < 1:
        raise ConfigurationError(f"`load` must give at least one pattern in {neurons} neurons; got {data.load:g}.")
    check_fits_memory(32 * count * neurons, f"{count:,} patterns of {neurons:,} bits", "Choose a smaller load or fewer neurons.")
    if data.patterns == "letters":
        return _letters(count, neurons, data.correlation)
    patterns = random_patterns(count, neurons, generator_for(sections.training.seed, "patterns"), data.correlation)
    return Stored(patterns, [str(number) for number in range(count)], math.ceil(math.sqrt(neurons)))


def _letters(count: int, neurons: int, correlation: float) -> Stored:
    """The first `count` letters of the alphabet."""
    if neurons != PIXELS:
        raise ConfigurationError(f"`neurons` must be {PIXELS} for letters, one per pixel; got {neurons}. Leave it out.")
    if count > len(ALPHABET):
        raise ConfigurationError(f"`load` must give at most {len(ALPHABET)} letters; got {count}. Leave it out for the whole alphabet.")
    if correlation:
        raise ConfigurationError(f"`correlation` must be 0 for letters, which have their own; got {correlation:g}. Leave it out.")
    chosen = ALPHABET[:count]
    return Stored(letters(chosen), tuple(chosen), WIDTH)
