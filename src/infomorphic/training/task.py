"""A task: what a network learns from and how well it does. The loop around it, in `trainer`, is the same for all."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import torch
from torch import Tensor, nn

from infomorphic.training.settings import DataSettings, TrainingSettings

if TYPE_CHECKING:
    from infomorphic.training.config import TrainConfig

Network = TypeVar("Network", bound=nn.Module)


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


class Task(ABC, Generic[Network]):
    """One training in memory: a network, its optimiser, and the data.

    A module of `infomorphic.training.tasks` with a subclass named `Task` is a task; a preset names the one that it is for.
    """

    Data: ClassVar[type[DataSettings]]
    Training: ClassVar[type[TrainingSettings]]
    Summary: ClassVar[type[Summary]]

    config: "TrainConfig"
    """What is trained: the configuration as given, in which what depends on the data is now decided."""
    network: Network
    optimizer: torch.optim.Optimizer
    neurons: Mapping[str, Tensor] = MappingProxyType({})
    """What `measure` found for each single neuron, as `layer.{F}{C}`, (neurons,): for the history of the neurons. A task may have none."""

    @staticmethod
    def run_name(config: "TrainConfig") -> str:
        """What a run directory is called unless its user says."""
        return f"{config.preset}-seed{config.training.seed}"

    @abstractmethod
    def __init__(self, config: "TrainConfig", data_dir: Path | None):
        """Load the data and build the network, its weights drawn from the configured seed."""

    @abstractmethod
    def train_epoch(self, epoch: int, on_part: Callable[[float], None] | None = None) -> dict[str, Any]:
        """One pass over the training data; returns what was seen on the way. All that is random depends on the seed and `epoch` alone.

        Args:
            epoch: from 1 on.
            on_part: called now and then with the fraction of the epoch that is done.
        """

    @abstractmethod
    def measure(self, epoch: int) -> dict[str, Any]:
        """What is recorded after an epoch."""

    @abstractmethod
    def result(self, epoch: int) -> dict[str, Any]:
        """The fields that the task adds to the summary, from the network as it stands."""
