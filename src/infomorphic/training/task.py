"""The contract of a task: the data a network learns from, and its results. Training, reports and the command line rely only on this."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Generic, TypeVar

import torch
from torch import Tensor, nn

from infomorphic import plugins
from infomorphic.data import Split
from infomorphic.errors import ConfigurationError, RunError
from infomorphic.networks.network import Classifier, InfomorphicNetwork
from infomorphic.networks.settings import NetworkSettings
from infomorphic.parallel import Division, Processes
from infomorphic.training.checkpoint import Checkpoint
from infomorphic.training.development import Development, Snapshot
from infomorphic.training.exhibits import Exhibit
from infomorphic.training.results import Evaluated, Result, Score, Table, Tile
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
    is_default: bool = False
    """Whether it is trained where no preset is named: true of one built-in preset."""

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


@dataclass(frozen=True, kw_only=True)
class EvaluationOptions:
    """How a user wants a run to be evaluated; None for the choice of its task."""

    split: str | None = None
    """The part of the data: test, validation or train."""
    dataset: str | None = None
    """Another data set."""
    samples: int | None = None
    """Average over this many sampled runs."""
    expected: bool = False
    """Whether neurons output expectations."""
    seed: int | None = None
    """Seed of the sampled outputs."""


@dataclass(frozen=True)
class TrainedRun:
    """A run directory as its task sees it."""

    path: Path
    sections: Sections[Any, Any, Any]
    """As trained, but on the CPU."""
    checkpoint: Checkpoint
    data_dir: Path | None
    """Where its data sets are."""
    summary: Mapping[str, Any] = field(default_factory=dict)
    """The recorded result, to compare an evaluation with; empty if the run is not finished."""


@dataclass(frozen=True, eq=False)
class LabeledRun:
    """A trained classifier and its data."""

    network: Classifier
    data: Split
    batch_size: int
    """Samples per batch in training."""


class Task(ABC, Generic[Network, NetworkT, DataT, TrainingT]):
    """One training in memory: a network, its optimizer, and the data. A preset names its task."""

    name: ClassVar[str]
    """The name of the task, such as `classification`."""
    Data: ClassVar[type[DataSettings]]
    Training: ClassVar[type[TrainingSettings]]
    Summary: ClassVar[type[Summary]]
    score: ClassVar[Score | None] = None
    """How the task counts success; None if no single number does."""
    classifies: ClassVar[bool] = False
    """Whether its networks classify labeled samples, so that `labeled` gives them for export and the analysis of single neurons."""
    benchmark: ClassVar[str | None] = None
    """The preset that reports compare with."""
    compared: ClassVar[tuple[str, ...]] = ()
    """The fields of the summary that they compare: one for each column of `results` after the first."""
    estimated_from: ClassVar[str] = "the training data"
    """What the recorded information terms are estimated from."""
    neurons_are: ClassVar[str] = "neurons"
    """The name in a report of the neurons that it counts."""
    source_words: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """What the sources of the neurons are, by letter, where it is more than feedforward, context and lateral input."""
    curves: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Titles of the metrics that are results, by metric name in `measure`."""

    sections: Sections[NetworkT, DataT, TrainingT]
    """The sections in use: as given, with the settings that depend on the data filled in."""
    network: Network
    optimizer: torch.optim.Optimizer
    neurons: Mapping[str, Tensor] = MappingProxyType({})
    """The values of each neuron from `measure`, as `layer.{F}{C}`, (neurons,), for the history of the neurons. A task may have none."""

    snapshots: Mapping[str, Snapshot] = MappingProxyType({})
    """Receptive fields and responses of each layer as of the last `measure`, for the development of the neurons. A task may have none."""

    sizes: Mapping[str, Any] = MappingProxyType({})
    """What of the data the network is built for, such as the shape of an image, as JSON has it: it is saved with the weights, for `rebuild`."""

    @abstractmethod
    def __init__(self, sections: Sections[NetworkT, DataT, TrainingT], data_dir: Path | None):
        """Load the data and build the network with weights drawn from the configured seed."""

    def divide(self, processes: Processes) -> Division:
        """Keep only the neurons of this process, before the first epoch of this process.

        Raises:
            ConfigurationError: if the network cannot be divided.
        """
        raise ConfigurationError(f"`processes` must be 1: networks of the task {self.name!r} cannot be divided among processes.")

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
    def defaults_for(data: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
        """Defaults that follow from the given settings of the section `data`, by section: used for settings that are not given."""
        return {}

    @staticmethod
    def chosen(given: Sections[NetworkT, DataT, TrainingT], used: Sections[NetworkT, DataT, TrainingT]) -> str:
        """A sentence about settings that the task chose because none were given; empty if there are none."""
        return ""

    @staticmethod
    def pursues_goals(sections: Sections[NetworkT, DataT, TrainingT]) -> bool:
        """Whether layers with a goal are trained to reach it; otherwise it is only measured."""
        return True

    @staticmethod
    def num_neurons(sections: Sections[NetworkT, DataT, TrainingT]) -> int | None:
        """The number of neurons of the network, before its data are read; None if unknown."""
        return sections.network.num_neurons()

    @staticmethod
    def estimated_seconds(sections: Sections[NetworkT, DataT, TrainingT]) -> float:
        """About how many seconds a training takes on one core. This default, one second per epoch, is a guess."""
        return float(sections.training.epochs)

    @staticmethod
    def in_words(summary: Any) -> Result:
        """The result of a run, for a terminal."""
        return Result(f"{summary.preset}: {summary.epochs} epochs, seed {summary.seed}")

    @staticmethod
    def results(summary: Mapping[str, Any]) -> Table | None:
        """The results of a finished run as the table of a report; None if the tiles suffice."""
        return None

    @staticmethod
    def metrics(sections: Sections[NetworkT, DataT, TrainingT], summary: Mapping[str, Any]) -> dict[str, float]:
        """The numbers in a summary that a study records. By default, those that the summary of the task adds."""
        own = [f.name for f in fields(sections.preset.task.Summary) if f.name not in _BASE]
        return {name: float(summary[name]) for name in own if isinstance(summary[name], int | float)}

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

    @classmethod
    def evaluate(cls, run: TrainedRun, options: EvaluationOptions) -> Evaluated:
        """Measure the network of a run again. By default, as after training; a task may offer more.

        Raises:
            ConfigurationError: if the task does not offer an option.
        """
        given = [f.name for f in fields(options) if getattr(options, f.name) not in (None, False)]
        if given:
            raise ConfigurationError(
                f"`{given[0]}` must be left out for {run.path}: the task {cls.name!r} evaluates a network only as at the end of its training."
            )
        task = cls(run.sections, run.data_dir)
        run.checkpoint.restore(task.network)
        summary = task.summarize(str(run.path), run.checkpoint.epoch)
        measured = {"epochs": summary.epochs, **{f.name: getattr(summary, f.name) for f in fields(summary) if f.name not in _BASE}}
        return Evaluated(measured, cls.in_words(summary))

    @classmethod
    def recall(cls, run: TrainedRun, noise: float = 0.0, seed: int = 0, pattern: int | None = None) -> Evaluated:
        """Recall every stored pattern from a noisy cue: for tasks whose networks store patterns.

        Args:
            run: the run.
            noise: the fraction of flipped bits, from 0 to 1.
            seed: selects the flipped bits.
            pattern: the pattern to draw; None for no pictures.

        Raises:
            RunError: if networks of this task store no patterns.
        """
        raise RunError(
            f"{run.path} is a run of the preset {run.sections.preset.name!r}, which stores no patterns: nothing can be recalled."
        )

    @classmethod
    def labeled(cls, run: TrainedRun) -> LabeledRun:
        """The network of a run and its data, if it `classifies` labeled samples.

        Raises:
            DataError: if the data set is missing.
            RunError: if the weights do not fit the network, or it does not classify.
        """
        raise RunError(f"{run.path} is a run of the task {cls.name!r}, whose networks do not classify labeled samples.")

    def summarize(self, run: str, epoch: int) -> Summary:
        """The summary of the current network, with its `result` and without the cost of its training.

        Raises:
            ConfigurationError: if `result` does not give the fields that the `Summary` of the task adds.
        """
        result, wanted = self.result(epoch), {f.name for f in fields(self.Summary)} - _BASE
        if set(result) != wanted:
            raise ConfigurationError(
                f"`result` of the task {self.name!r} must give the fields of its `Summary`, {', '.join(sorted(wanted)) or 'none'}; "
                f"got {', '.join(sorted(result)) or 'none'}."
            )
        return self.Summary(
            run=run,
            preset=self.sections.preset.name,
            goal=self.sections.network.model_dump().get("goal") if self.pursues_goals(self.sections) else None,
            seed=self.sections.training.seed,
            epochs=epoch,
            seconds=0.0,
            peak_memory_mib=0.0,
            **result,
        )

    @classmethod
    def exhibits(cls, run: TrainedRun, network: Network, development: Development) -> Sequence[Exhibit]:
        """What a report shows besides numbers, in order.

        Args:
            run: the run.
            network: its trained network.
            development: the development of its neurons; empty if it was not recorded.
        """
        return []


_BASE = frozenset(f.name for f in fields(Summary))
"""The fields of every summary."""


def layers_of(network: nn.Module) -> InfomorphicNetwork | None:
    """The infomorphic layers of a task's network; None if it has none."""
    inner = network.network if isinstance(network, Classifier) else network
    return inner if isinstance(inner, InfomorphicNetwork) else None
