"""The contract of a task: the data a network learns from, and its results. Training, reports and the command line rely only on this."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import torch
from torch import Tensor, nn

from infomorphic import plugins
from infomorphic.networks.network import Classifier, InfomorphicNetwork
from infomorphic.networks.settings import NetworkSettings
from infomorphic.training.settings import DataSettings, TrainingSettings

Network = TypeVar("Network", bound=nn.Module)
NetworkT = TypeVar("NetworkT", bound=NetworkSettings)
DataT = TypeVar("DataT", bound=DataSettings)
TrainingT = TypeVar("TrainingT", bound=TrainingSettings)


@dataclass(frozen=True)
class Preset:
    """A network that can be trained by name.

    A task has its presets in a module `presets` with a tuple `PRESETS`. Your own preset is an entry point in the group
    `infomorphic.presets`, or an object in a file: `infomorphic train FILE.py:NAME`.
    """

    name: str
    summary: str
    """One line that says what the network is."""
    task: "type[Task[Any, Any, Any, Any]]"
    settings: type[NetworkSettings]
    """The settings of the network; every default is the published value."""
    build: Callable[..., Any]
    """Makes the untrained network; its arguments depend on the task."""

    @property
    def short_name(self) -> str:
        """The name in a form that can be part of a file name."""
        return plugins.short(self.name)


@dataclass(frozen=True)
class Sections(Generic[NetworkT, DataT, TrainingT]):
    """The input of a task: a preset, and the three sections of a configuration in the types that the task declares."""

    preset: Preset
    network: NetworkT
    data: DataT
    training: TrainingT

    def with_training(self, **changes: Any) -> "Sections[NetworkT, DataT, TrainingT]":
        """A copy with other values in `training`, which are validated."""
        return replace(self, training=self.training.model_copy(update=changes))


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The result of a run; a task adds its own fields."""

    run: str
    preset: str
    goal: str | None
    seed: int
    epochs: int
    seconds: float
    peak_memory_mib: float


class Tile(NamedTuple):
    """A headline number of a report."""

    value: str
    label: str


class Result(NamedTuple):
    """The result of a run in words and numbers, as printed in a terminal and at the top of a report."""

    heading: str
    """What was trained: preset, size, epochs, seed."""
    sentence: str = ""
    """The outcome in one sentence."""
    headings: Sequence[str] = ()
    """Of the columns of `rows`."""
    rows: Sequence[Sequence[str]] = ()


class Field(NamedTuple):
    """The receptive field of a neuron, with a caption of what it codes: for tasks whose neurons have few properties."""

    weights: Tensor
    """(height, width)."""
    caption: str


class Task(ABC, Generic[Network, NetworkT, DataT, TrainingT]):
    """One training in memory: a network, its optimizer, and the data. A preset names its task."""

    name: ClassVar[str]
    """The name of the task, such as `classification`."""
    Data: ClassVar[type[DataSettings]]
    Training: ClassVar[type[TrainingSettings]]
    Summary: ClassVar[type[Summary]]
    neurons_are: ClassVar[str] = "neurons"
    """The name in a report of the neurons that it counts."""
    curves: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Titles of the metrics that are results, by metric name in `measure`."""

    sections: Sections[NetworkT, DataT, TrainingT]
    """The sections in use: as given, with the settings that depend on the data filled in."""
    network: Network
    optimizer: torch.optim.Optimizer
    neurons: Mapping[str, Tensor] = MappingProxyType({})
    """The values of each neuron from `measure`, as `layer.{F}{C}`, (neurons,), for the history of the neurons. A task may have none."""

    sizes: Mapping[str, Any] = MappingProxyType({})
    """What of the data the network is built for, such as the shape of an image, as JSON has it: it is saved with the weights, for `rebuild`."""

    @abstractmethod
    def __init__(self, sections: Sections[NetworkT, DataT, TrainingT], data_dir: Path | None):
        """Load the data and build the network with weights drawn from the configured seed."""

    @abstractmethod
    def train_epoch(self, epoch: int, on_part: Callable[[float], None] | None = None) -> dict[str, Any]:
        """Make one pass over the training data; return the metrics of the pass. Randomness depends only on the seed and `epoch`.

        Args:
            epoch: the number of the epoch, from 1.
            on_part: called occasionally with the completed fraction of the epoch.
        """

    @abstractmethod
    def measure(self, epoch: int) -> dict[str, Any]:
        """The metrics recorded after an epoch."""

    @abstractmethod
    def result(self, epoch: int) -> dict[str, Any]:
        """The fields that the task adds to the summary, from the current network."""

    @staticmethod
    def run_name(sections: Sections[Any, Any, Any]) -> str:
        """The default name of a run directory."""
        return f"{sections.preset.short_name}-seed{sections.training.seed}"

    @staticmethod
    def in_words(summary: Any) -> Result:
        """The result of a run, for a terminal and a page."""
        return Result(f"{summary.preset}: {summary.epochs} epochs, seed {summary.seed}")

    @staticmethod
    def tiles(summary: Mapping[str, Any], last_record: Mapping[str, Any]) -> list[Tile]:
        """The headline numbers of a report: from the summary of a finished run, else from the last record."""
        return []

    @staticmethod
    @abstractmethod
    def rebuild(
        sections: Sections[NetworkT, DataT, TrainingT], weights: Mapping[str, Tensor], sizes: Mapping[str, Any] = MappingProxyType({})
    ) -> nn.Module:
        """The untrained network that these weights fit, without its data; without weights, one of the same layers and any size.

        Args:
            sections: what the run is made from.
            weights: the state of the network.
            sizes: those of the task that trained it; empty in runs of older versions.
        """

    @staticmethod
    def fields(sections: Sections[NetworkT, DataT, TrainingT], network: Any) -> list[Field]:
        """The receptive field of each neuron of a trained network, for reports that show nothing else about single neurons."""
        return []


def layers_of(network: nn.Module) -> InfomorphicNetwork | None:
    """The infomorphic layers of a task's network; None if it has none."""
    inner = network.network if isinstance(network, Classifier) else network
    return inner if isinstance(inner, InfomorphicNetwork) else None
