"""The associative memory of infomorphic neurons: F is a neuron's own bit of the pattern, C what the others send.

Source: arXiv:2511.02584; first version arXiv:2306.02149.
"""

from collections.abc import Callable
from typing import Annotated

import torch
from pydantic import Field, field_validator
from torch import Tensor

from infomorphic.errors import ConfigurationError
from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, InfomorphicLayer, OneToOne, Sum
from infomorphic.memory.couplings import Couplings
from infomorphic.memory.patterns import Patterns
from infomorphic.networks import InfomorphicNetwork, Wiring
from infomorphic.networks import settings as network_settings

LAYER = "memory"
"""The name of the only layer of the network."""


class Settings(network_settings.Settings):
    """Settings of an associative memory. Defaults are the published values."""

    neurons: Annotated[int, Field(ge=2)] = 100
    goal: str = "memory/redundancy"
    external_weight: float = 2.3
    initial_scale: Annotated[float, Field(ge=0)] = 0.001
    """What the initial recurrent weights of a linear layer are multiplied with."""
    external_bins: Annotated[int, Field(ge=1)] = 2
    recurrent_bins: Annotated[int, Field(ge=1)] = 60
    bin_range: tuple[float, float] = (-20.0, 20.0)
    optimizer: network_settings.Optimizer = network_settings.Optimizer(learning_rate=0.05, weight_decay=0.0)
    epochs: Annotated[int, Field(ge=0)] = 5000

    @field_validator("goal")
    @classmethod
    def _goal_exists(cls, text: str) -> str:
        return network_settings.check_goal(text, "FC")


def build(settings: Settings, generator: torch.Generator | None = None) -> InfomorphicNetwork:
    """A network of one layer, θ = σ(F + C), whose inputs are those of `clamped`; `generator` draws the initial weights.

    Its outputs are signs, so nothing random is drawn in training.
    """
    connections = {"F": OneToOne(settings.external_weight), "C": AllOthers(bias=False, scale=settings.initial_scale)}
    layer = InfomorphicLayer(settings.neurons, connections, Sum(weight=1.0), generator=generator)
    binnings = {
        "F": FixedRange(settings.external_bins, *settings.bin_range),
        "C": FixedRange(settings.recurrent_bins, *settings.bin_range),
    }
    wiring = Wiring({"F": "external", "C": "state"}, Goal.resolve(settings.goal, sources="FC"), binnings, output="sign")
    return InfomorphicNetwork({LAYER: layer}, {LAYER: wiring}, presentations=1)


def clamped(patterns: Patterns) -> dict[str, Tensor]:
    """The inputs of the network while it learns: the patterns are both the external input and the state that neurons see."""
    return {"external": patterns, "state": patterns}


def adam(network: InfomorphicNetwork, settings: Settings) -> torch.optim.Optimizer:
    """The optimiser of the recurrent weights."""
    parameters = [p for p in network.parameters() if p.requires_grad]
    return torch.optim.Adam(parameters, lr=settings.optimizer.learning_rate, weight_decay=settings.optimizer.weight_decay, fused=True)


def couplings_of(network: InfomorphicNetwork) -> Couplings:
    """A copy of the recurrent weights."""
    return Couplings(_recurrent_weight(network).detach().clone())


def carrying(couplings: Couplings, settings: Settings) -> InfomorphicNetwork:
    """A network of these settings with given recurrent weights, such as those of another learning rule.

    Raises:
        ConfigurationError: if the sizes differ, or there is a bias, which the network has none for.
    """
    if couplings.bias is not None:
        raise ConfigurationError("`couplings` must have no bias: the neurons of this network have none.")
    if couplings.weight.shape[0] != settings.neurons:
        raise ConfigurationError(f"`couplings` must be of {settings.neurons} neurons, as the settings; got {couplings.weight.shape[0]}.")
    network = build(settings)
    _recurrent_weight(network).data.copy_(couplings.weight)
    return network


def memorize(
    patterns: Patterns,
    settings: Settings,
    generator: torch.Generator | None = None,
    on_epoch: Callable[[int, InfomorphicNetwork], None] | None = None,
) -> Couplings:
    """Store the patterns: all of them at once in every step, the state clamped to them, each neuron ascending its own goal.

    Args:
        patterns: of ±1, one bit a neuron.
        settings: of the network and its training.
        generator: draws the initial weights, and nothing else.
        on_epoch: called with the number of steps taken and the network after each step.

    Raises:
        ConfigurationError: if the patterns are not of the size of the network.

    Source: arXiv:2511.02584.
    """
    if patterns.shape[1] != settings.neurons:
        raise ConfigurationError(f"`patterns` must have one bit for each of the {settings.neurons} neurons; got {patterns.shape[1]}.")
    network = build(settings, generator)
    optimizer, inputs = adam(network, settings), clamped(patterns)
    for epoch in range(1, settings.epochs + 1):
        optimizer.zero_grad()
        network.learn(inputs)
        optimizer.step()
        if on_epoch is not None:
            on_epoch(epoch, network)
    return couplings_of(network)


def _recurrent_weight(network: InfomorphicNetwork) -> Tensor:
    layer = network.layers[LAYER]
    assert isinstance(layer, InfomorphicLayer)
    return layer.connections["C"].weight  # type: ignore[return-value]
