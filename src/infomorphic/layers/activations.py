"""Activations: from the currents of a neuron's sources to the argument of its firing probability, θ = σ(A(F, C, L, …))."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.errors import ConfigurationError

# θ keeps this distance from 0 and 1, so that no logarithm of the objective meets zero.
PROBABILITY_MARGIN = 1e-6


def sigmoid(x: Any) -> Any:
    """σ(x) of a tensor. In compiled code the kernels put a scalar function of their own in its place."""
    return torch.sigmoid(x)


def modulation(alpha: Any, beta: Any, driving: Any, current: Any) -> Any:
    """What one modulating current adds to the gain: α σ(β F X), for tensors and compiled code.

    The kernel of the gradient alone writes it again: it keeps each σ.
    """
    return alpha * sigmoid(beta * driving * current)


class Gain(NamedTuple):
    """An activation of the form A = F [ base + Σ_i α σ(β F X_i) ], for which there are compiled kernels."""

    base: float
    alpha: float
    beta: float


@dataclass(frozen=True)
class Activation(ABC):
    """A function A of the currents, the driving one first. Subclasses are frozen records of their parameters.

    A new activation needs `formula` alone, in torch operations; it is differentiated by autograd.
    """

    num_sources: ClassVar[int | None] = None
    """How many currents it takes; None for any number."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, float) and not math.isfinite(value):
                raise ConfigurationError(f"`{name}` of an activation must be a finite number; got {value}.")

    @abstractmethod
    def formula(self, driving: Float[Tensor, "batch neurons"], *others: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        """A of the driving current and the others."""

    def gain(self, num_sources: int) -> Gain | None:
        """The activation as a `Gain`, if it is one: it is then computed by the kernels on the CPU."""
        return None

    def __call__(self, *currents: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        """A of the currents, differentiable."""
        self.check(len(currents))
        return self.formula(*currents)

    def check(self, num_sources: int) -> None:
        """Raise `ConfigurationError` unless the activation takes this number of currents."""
        if self.num_sources is not None and num_sources != self.num_sources:
            raise ConfigurationError(f"{type(self).__name__} takes {self.num_sources} currents; got {num_sources} sources.")


@dataclass(frozen=True)
class _Gained(Activation):
    """An activation that is a `Gain`."""

    @abstractmethod
    def gain(self, num_sources: int) -> Gain: ...

    def formula(self, driving: Float[Tensor, "batch neurons"], *others: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        base, alpha, beta = self.gain(1 + len(others))
        gain = base
        if alpha:
            for current in others:
                gain = gain + modulation(alpha, beta, driving, current)
        return driving * gain


@dataclass(frozen=True)
class Modulated(_Gained):
    """A feedforward current that every other source only modulates, in the direction in which the two agree.

        A = F [ (1 − Σ_i α) + Σ_i α σ(β F X_i) ]

    With two modulating sources this is the trivariate activation A(F, C, L). Without context it is what it was, up to
    a factor close to one, so the network works when the label is withheld.

    Source: arXiv:2412.02482, A.4.
    """

    alpha: float = 0.1
    beta: float = 2.0

    def gain(self, num_sources: int) -> Gain:
        return Gain(1 - self.alpha * (num_sources - 1), self.alpha, self.beta)


@dataclass(frozen=True)
class Bivariate(_Gained):
    """The bivariate activation A = F [ k1 + (1 − k1) · 2 σ(k2 F C) ]; without modulation for k1 = 1.

    Source: arXiv:2306.02149; parameters of the networks: arXiv:2412.02482.
    """

    num_sources: ClassVar[int | None] = 2
    k1: float = 0.9
    k2: float = 2.0

    def gain(self, num_sources: int) -> Gain:
        return Gain(self.k1, 2 * (1 - self.k1), self.k2)


@dataclass(frozen=True)
class Feedforward(_Gained):
    """A = F: other sources shape learning only."""

    def gain(self, num_sources: int) -> Gain:
        return Gain(1.0, 0.0, 0.0)


@dataclass(frozen=True)
class KayPhillips(Activation):
    """A = F [ k1 + (1 − k1) exp(k2 F C) ], the modulation of Kay and Phillips (1997).

    The exponent is kept within ±`bound`: that of two large currents would overflow.
    """

    num_sources: ClassVar[int | None] = 2
    k1: float = 0.5
    k2: float = 2.0
    bound: float = 30.0

    def formula(self, driving: Float[Tensor, "batch neurons"], *others: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        exponent = (self.k2 * driving * others[0]).clamp(-self.bound, self.bound)
        return driving * (self.k1 + (1 - self.k1) * exponent.exp())


@dataclass(frozen=True)
class Sum(Activation):
    """A = scale · (F + weight · Σ_i X_i): all sources drive."""

    weight: float = 0.1
    scale: float = 1.0

    def formula(self, driving: Float[Tensor, "batch neurons"], *others: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        total = driving
        for current in others:
            total = total + self.weight * current
        return self.scale * total
