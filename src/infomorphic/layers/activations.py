"""Activations: from the currents of a neuron's sources to the argument of its firing probability, θ = σ(A(F, C, L, …)).

Each formula stands once, in plain arithmetic over a `sigmoid` that is handed in: with torch's it runs on tensors of any
device, with a compiled scalar one inside the CPU kernels.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.errors import ConfigurationError

Formula = Callable[..., Any]


@dataclass(frozen=True)
class Activation(ABC):
    """A function A of the currents, the driving feedforward current first. Subclasses are frozen records of their parameters."""

    num_sources: ClassVar[int | None] = None
    """How many currents it takes; None for any number."""

    @abstractmethod
    def formula(self, sigmoid: Callable[[Any], Any]) -> Formula:
        """The function of the currents, built on the given `sigmoid`. Uses nothing but arithmetic, so that it can be compiled."""

    def __call__(self, *currents: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        """A of currents as tensors; differentiable."""
        self.check(len(currents))
        return self.formula(torch.sigmoid)(*currents)

    def check(self, num_sources: int) -> None:
        """Raise `ConfigurationError` unless the activation takes this number of currents."""
        if self.num_sources is not None and num_sources != self.num_sources:
            raise ConfigurationError(f"{type(self).__name__} takes {self.num_sources} currents; got {num_sources} sources.")


@dataclass(frozen=True)
class Modulated(Activation):
    """A feedforward current that every other source only modulates, in the direction in which the two agree.

        A = F [ (1 − Σ_i α_i) + Σ_i α_i σ(β_i F X_i) ]

    With two modulating sources this is the trivariate activation A(F, C, L). Without context it is what it was, up to
    a factor close to one, so the network works when the label is withheld.

    Source: arXiv:2412.02482, A.4.
    """

    alpha: float = 0.1
    beta: float = 2.0

    def formula(self, sigmoid: Callable[[Any], Any]) -> Formula:
        alpha, beta = self.alpha, self.beta

        def modulated(driving: Any, *modulating: Any) -> Any:
            gain = 1 - alpha * len(modulating)
            for current in modulating:
                gain = gain + alpha * sigmoid(beta * driving * current)
            return driving * gain

        return modulated


@dataclass(frozen=True)
class Bivariate(Activation):
    """The bivariate activation A = F [ k1 + (1 − k1) · 2 σ(k2 F C) ]; without modulation for k1 = 1.

    Source: arXiv:2306.02149; parameters of the networks: arXiv:2412.02482.
    """

    num_sources: ClassVar[int | None] = 2
    k1: float = 0.9
    k2: float = 2.0

    def formula(self, sigmoid: Callable[[Any], Any]) -> Formula:
        k1, k2 = self.k1, self.k2

        def bivariate(driving: Any, context: Any) -> Any:
            return driving * (k1 + (1 - k1) * 2 * sigmoid(k2 * driving * context))

        return bivariate


@dataclass(frozen=True)
class KayPhillips(Activation):
    """A = F [ k1 + (1 − k1) exp(k2 F C) ], the modulation of Kay and Phillips (1997).

    The exponent is bounded by ±`bound`: the product of two large currents would overflow.
    """

    num_sources: ClassVar[int | None] = 2
    k1: float = 0.5
    k2: float = 2.0
    bound: float = 30.0

    def formula(self, sigmoid: Callable[[Any], Any]) -> Formula:
        k1, k2, bound = self.k1, self.k2, self.bound

        def kay_phillips(driving: Any, context: Any) -> Any:
            # exp(x) = σ(x) / σ(−x); 2 bound σ(2x/bound) − bound bounds x smoothly and is x to first order.
            exponent = 2 * bound * sigmoid(2 * k2 * driving * context / bound) - bound
            return driving * (k1 + (1 - k1) * sigmoid(exponent) / sigmoid(-exponent))

        return kay_phillips


@dataclass(frozen=True)
class Sum(Activation):
    """A = scale · (F + weight · Σ_i X_i): all sources drive."""

    weight: float = 0.1
    scale: float = 1.0

    def formula(self, sigmoid: Callable[[Any], Any]) -> Formula:
        weight, scale = self.weight, self.scale

        def weighted_sum(driving: Any, *others: Any) -> Any:
            total = driving
            for current in others:
                total = total + weight * current
            return scale * total

        return weighted_sum


@dataclass(frozen=True)
class Feedforward(Activation):
    """A = F: other sources shape learning only."""

    def formula(self, sigmoid: Callable[[Any], Any]) -> Formula:
        def feedforward(driving: Any, *others: Any) -> Any:
            return driving

        return feedforward
