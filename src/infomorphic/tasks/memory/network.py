"""The associative memory of infomorphic neurons: F is a neuron's own bit of the pattern, C the outputs of the others.

Source: arXiv:2511.02584; first version arXiv:2306.02149.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from infomorphic.errors import ConfigurationError
from infomorphic.networks import InfomorphicNetwork
from infomorphic.networks.optimizer import adam as layerwise_adam
from infomorphic.tasks.memory.couplings import Couplings
from infomorphic.tasks.memory.patterns import Patterns
from infomorphic.tasks.memory.preset import LAYER, Settings, build, enter_epoch

EPOCHS = 5000
"""Number of training steps, each with all patterns. Source: arXiv:2511.02584."""


def clamped(patterns: Patterns) -> dict[str, Tensor]:
    """The inputs of the network during training: the patterns are both the external input and the state that neurons receive."""
    return {"external": patterns, "state": patterns}


def adam(network: InfomorphicNetwork, settings: Settings) -> torch.optim.Optimizer:
    """The optimizer of the recurrent weights."""
    return layerwise_adam(network.layers, settings.optimizers())


def couplings_of(network: InfomorphicNetwork) -> Couplings:
    """A copy of the recurrent weights."""
    return Couplings(_recurrent_weight(network).detach().clone())


def carrying(couplings: Couplings, settings: Settings) -> InfomorphicNetwork:
    """Make a network with these settings and given recurrent weights, such as those of another learning rule.

    Raises:
        ConfigurationError: if the sizes differ, or the couplings have a bias, which this network does not have.
    """
    if couplings.bias is not None:
        raise ConfigurationError("`couplings` must not have a bias: the neurons of this network have none.")
    if couplings.weight.shape[0] != settings.neurons:
        raise ConfigurationError(f"`couplings` must be of {settings.neurons} neurons, as in the settings; got {couplings.weight.shape[0]}.")
    network = build(settings)
    _recurrent_weight(network).data.copy_(couplings.weight)
    return network


def train_epoch(network: InfomorphicNetwork, optimizer: torch.optim.Optimizer, settings: Settings, patterns: Patterns, epoch: int) -> None:
    """Perform the step of an epoch, counted from 1, with all patterns at once."""
    enter_epoch(network, settings, epoch)
    optimizer.zero_grad(set_to_none=True)
    network.learn(clamped(patterns))
    optimizer.step()


def memorize(
    patterns: Patterns,
    settings: Settings,
    generator: torch.Generator | None = None,
    epochs: int = EPOCHS,
    on_epoch: Callable[[int, InfomorphicNetwork], None] | None = None,
) -> Couplings:
    """Store the patterns: all of them at once in every step, with the state clamped to them, each neuron maximizing its own goal.

    Args:
        patterns: values ±1, one bit per neuron.
        settings: the settings of the network and its optimizer.
        generator: draws only the initial weights.
        epochs: number of steps.
        on_epoch: called with the number of steps taken and the network after each step.

    Raises:
        ConfigurationError: if the patterns do not have the size of the network.

    Source: arXiv:2511.02584.
    """
    if patterns.shape[1] != settings.neurons:
        raise ConfigurationError(f"`patterns` must have one bit for each of the {settings.neurons} neurons; got {patterns.shape[1]}.")
    network = build(settings, generator)
    optimizer = adam(network, settings)
    for epoch in range(1, epochs + 1):
        train_epoch(network, optimizer, settings, patterns, epoch)
        if on_epoch is not None:
            on_epoch(epoch, network)
    return couplings_of(network)


def _recurrent_weight(network: InfomorphicNetwork) -> Tensor:
    return network.layer(LAYER).layer.connection("C").dense_weight()
