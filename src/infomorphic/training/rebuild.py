"""The network of a run without the data that it was trained on, and what its layers ascend."""

from dataclasses import dataclass

from torch import nn

from infomorphic.errors import InfomorphicError
from infomorphic.goals import Goal
from infomorphic.networks.settings import NetworkSettings
from infomorphic.training.checkpoint import Checkpoint
from infomorphic.training.config import TrainConfig
from infomorphic.training.task import layers_of


@dataclass(frozen=True)
class LayerGoal:
    """The goal of a layer, and how it was written: a published name or an expression."""

    goal: Goal
    text: str


def rebuilt(config: TrainConfig, checkpoint: Checkpoint) -> nn.Module:
    """The network of a checkpoint, on the CPU.

    Raises:
        RunError: if the weights do not fit the configured network.
    """
    network = config.task.rebuild(config.with_training(device="cpu").sections, checkpoint.part("network"))
    checkpoint.restore(network)
    return network


def goals_by_layer(network: nn.Module, settings: NetworkSettings) -> dict[str, LayerGoal]:
    """The goal of every layer that has one, in the order of the layers; empty for a network without local goals."""
    layers = layers_of(network)
    if layers is None:
        return {}
    return {name: LayerGoal(goal.goal, _written(goal.goal, settings)) for name, goal in layers.goals.items()}


def _written(goal: Goal, settings: NetworkSettings) -> str:
    """The text of the setting that means this goal; the goal as an expression if there is none."""
    for name, value in settings:
        if name.endswith("goal") and isinstance(value, str):
            try:
                if Goal.resolve(value, sources=goal.sources) == goal:
                    return value
            except InfomorphicError:
                continue
    return str(goal)
