"""Rebuild the network of a run without its training data, and find the goals of its layers."""

from torch import nn

from infomorphic.goals import Goal
from infomorphic.training.checkpoint import Checkpoint
from infomorphic.training.config import TrainConfig
from infomorphic.training.task import layers_of


def rebuilt(config: TrainConfig, checkpoint: Checkpoint) -> nn.Module:
    """The network of a checkpoint, on the CPU.

    Raises:
        RunError: if the weights do not fit the configured network.
    """
    network = config.task.rebuild(config.with_training(device="cpu").sections, checkpoint.part("network"), checkpoint.sizes)
    checkpoint.restore(network)
    return network


def goals_by_layer(network: nn.Module) -> dict[str, Goal]:
    """The goal of every layer that has one, in the order of the layers; empty for a network without local goals."""
    layers = layers_of(network)
    return {} if layers is None else {name: goal.goal for name, goal in layers.goals.items()}
