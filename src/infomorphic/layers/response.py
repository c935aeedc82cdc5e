"""The response of a layer to an input: currents, the distribution of the outputs, and the outputs."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.layers.activations import Activation
from infomorphic.layers.alphabet import PLUS_MINUS_ONE, Alphabet

Firing = Literal["sample", "expect", "mode", "straight-through", "rectify"]
"""How outputs are computed: a draw from the distribution, its mean, its most probable value, a draw with the gradient of the mean, or
max(A, 0), which needs no distribution."""


@dataclass(frozen=True)
class Response:
    """The response of a layer, which is passed to its objective. The layer itself stores nothing."""

    currents: tuple[Float[Tensor, "batch neurons"], ...]
    """The aggregated input of each source class, in the order of the layer's `sources`."""
    distribution: Float[Tensor, "batch neurons *values"]
    """The distribution of each output: θ, the probability of output 1, for binary neurons; else the probability of each value."""
    alphabet: Alphabet = PLUS_MINUS_ONE
    """The values of the outputs."""
    sources: str | None = None
    """The one-letter names of the currents, which goals refer to; None if the currents have no names."""

    @property
    def firing_prob(self) -> Float[Tensor, "batch neurons"]:
        """The probability of the largest output; for binary neurons this is θ."""
        return self.alphabet.firing_prob(self.distribution)

    @property
    def probabilities(self) -> Float[Tensor, "batch neurons values"]:
        """The probability of each value of the output."""
        return self.alphabet.probabilities(self.distribution)


@dataclass(frozen=True)
class Presented(Response):
    """The response of one layer in a presentation, with its output."""

    _: KW_ONLY
    output: Float[Tensor, "batch neurons"]
    """The output of each neuron: a value of its alphabet, the expectation, or max(A, 0)."""

    @property
    def layer(self) -> Response:
        """The response without the output, as `LocalGoal` takes it."""
        return Response(self.currents, self.distribution, self.alphabet, self.sources)


def fire(
    activation: Activation,
    currents: Sequence[Float[Tensor, "batch neurons"]],
    firing: Firing = "sample",
    generator: torch.Generator | None = None,
    alphabet: Alphabet = PLUS_MINUS_ONE,
) -> Presented:
    """The distribution of the outputs, and outputs: sampled, expected, most probable, sampled with the gradient of the expectation, or rectified.

    Rectified outputs are max(A, 0) with their gradient, as of an ordinary ReLU neuron; the distribution is that of a binary neuron with the
    same A and has no gradient.

    Straight-through outputs are a surrogate for backpropagation through stochastic neurons (Bengio et al. 2013, arXiv:1308.3432, sec. 4).
    """
    given = tuple(currents)
    if firing == "sample":
        distribution, output = alphabet.drawn(activation, given, generator)
        return Presented(given, distribution, alphabet, output=output)
    if firing == "rectify":
        with torch.no_grad():
            distribution = alphabet.of_currents(activation, given)
        return Presented(given, distribution, alphabet, output=activation(*given).relu())
    distribution = alphabet.of_currents(activation, given)
    if firing == "straight-through":
        expected = alphabet.expectation(distribution)
        output = alphabet.sample(distribution, generator) + (expected - expected.detach())  # the value is exactly the sample
    elif firing == "expect":
        output = alphabet.expectation(distribution)
    else:
        output = alphabet.mode(distribution)
    return Presented(given, distribution, alphabet, output=output)
