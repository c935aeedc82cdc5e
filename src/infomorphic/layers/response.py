"""What the neurons of a layer do with an input: their currents, the distribution of their outputs, and the outputs themselves."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.layers.activations import Activation
from infomorphic.layers.alphabet import PLUS_MINUS_ONE, Alphabet

Firing = Literal["sample", "expect", "mode", "straight-through"]
"""What neurons output: a draw from their distribution, its mean, its most probable value, or a draw that has the gradient of the mean."""


@dataclass(frozen=True)
class Response:
    """What a layer hands to its objective; nothing is remembered on the layer."""

    currents: tuple[Float[Tensor, "batch neurons"], ...]
    """The aggregated input of each source class, in the order of the layer's `sources`."""
    distribution: Float[Tensor, "batch neurons *values"]
    """Of each output: θ of binary neurons, the probability of output 1; of others the probability of each value."""
    alphabet: Alphabet = PLUS_MINUS_ONE
    """The values of the outputs."""
    sources: str | None = None
    """The one-letter names of the currents, by which goals find them; None for currents that no layer has named."""

    @property
    def firing_prob(self) -> Float[Tensor, "batch neurons"]:
        """The probability of the largest output: θ of binary neurons."""
        return self.alphabet.firing_prob(self.distribution)

    @property
    def probabilities(self) -> Float[Tensor, "batch neurons values"]:
        """The probability of each value of the output."""
        return self.alphabet.probabilities(self.distribution)


@dataclass(frozen=True)
class Presented(Response):
    """What one layer did in a presentation."""

    _: KW_ONLY
    output: Float[Tensor, "batch neurons"]
    """What it passed on: a value of its alphabet, or the expectation."""

    @property
    def layer(self) -> Response:
        """The response without the output: what a `LocalGoal` takes."""
        return Response(self.currents, self.distribution, self.alphabet, self.sources)


def fire(
    activation: Activation,
    currents: Sequence[Float[Tensor, "batch neurons"]],
    firing: Firing = "sample",
    generator: torch.Generator | None = None,
    alphabet: Alphabet = PLUS_MINUS_ONE,
) -> Presented:
    """The distribution of the outputs, and outputs: sampled, expected, most probable, or sampled with the gradient of the expected ones.

    Straight-through outputs are a surrogate for backpropagation through neurons that draw (Bengio et al. 2013, arXiv:1308.3432, sec. 4).
    """
    given = tuple(currents)
    if firing == "sample":
        distribution, output = alphabet.drawn(activation, given, generator)
        return Presented(given, distribution, alphabet, output=output)
    distribution = alphabet.of_currents(activation, given)
    if firing == "straight-through":
        expected = alphabet.expectation(distribution)
        output = alphabet.sample(distribution, generator) + (expected - expected.detach())  # in value exactly the sample
    elif firing == "expect":
        output = alphabet.expectation(distribution)
    else:
        output = alphabet.mode(distribution)
    return Presented(given, distribution, alphabet, output=output)
