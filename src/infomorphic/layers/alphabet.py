"""Output alphabets: the values that a neuron can output and their probabilities.

An alphabet is a frozen record. Shared operations need only the values and probabilities. `Binary` has closed forms and compiled code
of its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.layers.activations import PROBABILITY_MARGIN, Activation
from infomorphic.layers.firing import check_currents, firing_and_outputs, firing_probability
from infomorphic.layers.sampling import sample_outputs


@dataclass(frozen=True)
class Alphabet(ABC):
    """The values of a neuron's output. Their probabilities depend on the activation A of the neuron.

    A new alphabet needs only `values` and `distribution`. The dense evaluator of `infomorphic.objective` trains its neurons.
    """

    @property
    @abstractmethod
    def values(self) -> tuple[float, ...]:
        """The possible outputs, in ascending order."""

    @abstractmethod
    def distribution(self, argument: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons *values"]:
        """The distribution of each output given A, differentiable: the probability of each value, along the last axis.

        `Binary` returns only θ, without the last axis.
        """

    def of_currents(
        self, activation: Activation, currents: Sequence[Float[Tensor, "batch neurons"]]
    ) -> Float[Tensor, "batch neurons *values"]:
        """The distribution of each output, given the currents of the neuron.

        Raises:
            ConfigurationError: if the activation does not support this number of currents, or the currents differ in shape.
        """
        check_currents(activation, currents)
        return self.distribution(activation(*currents))

    def drawn(
        self, activation: Activation, currents: Sequence[Float[Tensor, "batch neurons"]], generator: torch.Generator | None = None
    ) -> tuple[Float[Tensor, "batch neurons *values"], Float[Tensor, "batch neurons"]]:
        """The distribution of each output given the currents, and outputs drawn from it."""
        distribution = self.of_currents(activation, currents)
        return distribution, self.sample(distribution, generator)

    def probabilities(self, distribution: Float[Tensor, "batch neurons *values"]) -> Float[Tensor, "batch neurons values"]:
        """The probability of each value, in the order of `values`."""
        return distribution

    def firing_prob(self, distribution: Float[Tensor, "batch neurons *values"]) -> Float[Tensor, "batch neurons"]:
        """The probability of the largest value; for a binary neuron this is θ."""
        return self.probabilities(distribution)[..., -1]

    def sample(
        self, distribution: Float[Tensor, "batch neurons *values"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "batch neurons"]:
        """Draw an output for each neuron and sample, without a gradient."""
        cumulative = self.probabilities(distribution.detach()).cumsum(-1)[..., :-1]
        batch, neurons = cumulative.shape[:2]
        # Neuron-major, like the currents: layers that receive the outputs then need not copy them.
        noise = torch.rand((neurons, batch), dtype=cumulative.dtype, device=cumulative.device, generator=generator).T
        return self._values(distribution)[(noise[..., None] >= cumulative).sum(-1)]

    def expectation(self, distribution: Float[Tensor, "batch neurons *values"]) -> Float[Tensor, "batch neurons"]:
        """The mean output, differentiable."""
        return self.probabilities(distribution) @ self._values(distribution)

    def mode(self, distribution: Float[Tensor, "batch neurons *values"]) -> Float[Tensor, "batch neurons"]:
        """The most probable output. Ties go to the smallest value, except in `Binary`."""
        return self._values(distribution)[self.probabilities(distribution).argmax(-1)]

    def _values(self, like: Tensor) -> Float[Tensor, " values"]:
        return like.new_tensor(self.values)


@dataclass(frozen=True)
class Binary(Alphabet):
    """Output 1 with probability θ = σ(A), else `low`: −1 or 0. The distribution is θ, clipped to [1e-6, 1 − 1e-6].

    Source: arXiv:2412.02482, sec. 2.
    """

    low: Literal[-1, 0] = -1

    @property
    def values(self) -> tuple[float, ...]:
        return float(self.low), 1.0

    def distribution(self, argument: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons *values"]:
        return torch.sigmoid(argument).clamp(PROBABILITY_MARGIN, 1 - PROBABILITY_MARGIN)

    def of_currents(
        self, activation: Activation, currents: Sequence[Float[Tensor, "batch neurons"]]
    ) -> Float[Tensor, "batch neurons *values"]:
        return firing_probability(activation, currents)

    def drawn(
        self, activation: Activation, currents: Sequence[Float[Tensor, "batch neurons"]], generator: torch.Generator | None = None
    ) -> tuple[Float[Tensor, "batch neurons *values"], Float[Tensor, "batch neurons"]]:
        firing_prob, signs = firing_and_outputs(activation, currents, generator)
        return firing_prob, self._from_signs(signs)

    def probabilities(self, distribution: Float[Tensor, "batch neurons *values"]) -> Float[Tensor, "batch neurons values"]:
        return torch.stack([1 - distribution, distribution], dim=-1)

    def firing_prob(self, distribution: Float[Tensor, "batch neurons *values"]) -> Float[Tensor, "batch neurons"]:
        return distribution

    def sample(
        self, distribution: Float[Tensor, "batch neurons *values"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "batch neurons"]:
        return self._from_signs(sample_outputs(distribution, generator))

    def expectation(self, distribution: Float[Tensor, "batch neurons *values"]) -> Float[Tensor, "batch neurons"]:
        return self._from_signs(2 * distribution - 1)

    def mode(self, distribution: Float[Tensor, "batch neurons *values"]) -> Float[Tensor, "batch neurons"]:
        """1 where θ ≥ 1/2, else `low`."""
        return torch.where(distribution >= 0.5, 1.0, float(self.low)).to(distribution.dtype)

    def _from_signs(self, signs: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        """Convert outputs ±1, or numbers between, to this alphabet."""
        return signs if self.low == -1 else (signs + 1) / 2


@dataclass(frozen=True)
class BinaryPart(Binary):
    """`Binary` for some neighboring neurons of a layer, on the CPU: they draw the outputs that they draw in the whole layer."""

    first_neuron: int = 0
    """The place in the layer of the first of these neurons."""

    def drawn(
        self, activation: Activation, currents: Sequence[Float[Tensor, "batch neurons"]], generator: torch.Generator | None = None
    ) -> tuple[Float[Tensor, "batch neurons *values"], Float[Tensor, "batch neurons"]]:
        firing_prob, signs = firing_and_outputs(activation, currents, generator, self.first_neuron)
        return firing_prob, self._from_signs(signs)

    def sample(
        self, distribution: Float[Tensor, "batch neurons *values"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "batch neurons"]:
        return self._from_signs(sample_outputs(distribution, generator, self.first_neuron))


PLUS_MINUS_ONE = Binary()
"""The default alphabet of infomorphic neurons."""


@dataclass(frozen=True)
class Ternary(Alphabet):
    """Outputs −1, 0 and 1.

        p(−1) : p(0) : p(1) = exp(−A/2) : exp(rest) : exp(A/2)

    The odds of 1 to −1 are exp A, as for a binary neuron. A larger `rest` makes 0 more probable: another output is the most
    probable only if |A| > 2 · rest.
    """

    rest: float = 1.0

    @property
    def values(self) -> tuple[float, ...]:
        return -1.0, 0.0, 1.0

    def distribution(self, argument: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons *values"]:
        return torch.stack([-argument / 2, torch.full_like(argument, self.rest), argument / 2], dim=-1).softmax(-1)
