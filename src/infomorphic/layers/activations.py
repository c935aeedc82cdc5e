"""Activations A: map the currents of a neuron's sources to the argument of its firing probability, θ = σ(A(F, C, L, …))."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.errors import ConfigurationError

# θ stays this far from 0 and 1, so that the objective never takes the logarithm of zero.
PROBABILITY_MARGIN = 1e-6


def sigmoid(x: Any) -> Any:
    """σ(x) of a tensor. In compiled code the kernels replace this by their own scalar function."""
    return torch.sigmoid(x)


def modulation(alpha: Any, beta: Any, driving: Any, current: Any) -> Any:
    """The contribution of one modulating current to the gain: α σ(β F X), for tensors and compiled code.

    Only the gradient kernel repeats this formula, because it stores each σ.
    """
    return alpha * sigmoid(beta * driving * current)


class Gain(NamedTuple):
    """An activation of the form A = F [ base + Σ_i α σ(β F X_i) ]. Compiled kernels support this form."""

    base: float
    alpha: float
    beta: float


@dataclass(frozen=True)
class Activation(ABC):
    """A function A of the currents, with the driving current first. Subclasses are frozen records of their parameters.

    A new activation needs only `formula`, written in torch operations; autograd differentiates it.
    """

    num_sources: ClassVar[int | None] = None
    """The number of currents; None for any number."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, float) and not math.isfinite(value):
                raise ConfigurationError(f"`{name}` of an activation must be a finite number; got {value}.")

    @abstractmethod
    def formula(self, driving: Float[Tensor, "batch neurons"], *others: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        """A, given the driving current and the others."""

    def gain(self, num_sources: int) -> Gain | None:
        """The activation as a `Gain` if it has this form, else None. On the CPU, kernels compute a `Gain`."""
        return None

    def __call__(self, *currents: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        """A, given the currents; differentiable."""
        self.check(len(currents))
        return self.formula(*currents)

    def check(self, num_sources: int) -> None:
        """Raise `ConfigurationError` unless the activation supports this number of currents."""
        if self.num_sources is not None and num_sources != self.num_sources:
            raise ConfigurationError(f"{type(self).__name__} takes {self.num_sources} currents; got {num_sources} sources.")


@dataclass(frozen=True)
class _Gained(Activation):
    """An activation that has the form of a `Gain`."""

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
    """A feedforward current that drives. Every other source only modulates it: the gain is larger where both agree in sign.

        A = F [ (1 − Σ_i α) + Σ_i α σ(β F X_i) ]

    With two modulating sources this is the trivariate activation A(F, C, L). Withholding the context changes it only by a
    factor close to one, so the network works without the label.

    Source: arXiv:2412.02482, A.4.
    """

    alpha: float = 0.1
    beta: float = 2.0

    def gain(self, num_sources: int) -> Gain:
        return Gain(1 - self.alpha * (num_sources - 1), self.alpha, self.beta)


@dataclass(frozen=True)
class Bivariate(_Gained):
    """The bivariate activation A = F [ k1 + (1 − k1) · 2 σ(k2 F C) ]. For k1 = 1 there is no modulation.

    Source: arXiv:2306.02149; parameters of the networks: arXiv:2412.02482.
    """

    num_sources: ClassVar[int | None] = 2
    k1: float = 0.9
    k2: float = 2.0

    def gain(self, num_sources: int) -> Gain:
        return Gain(self.k1, 2 * (1 - self.k1), self.k2)


@dataclass(frozen=True)
class Feedforward(_Gained):
    """A = F: other sources affect only learning."""

    def gain(self, num_sources: int) -> Gain:
        return Gain(1.0, 0.0, 0.0)


@dataclass(frozen=True)
class KayPhillips(Activation):
    """A = F [ k1 + (1 − k1) exp(k2 F C) ], the modulation of Kay and Phillips (1997).

    The exponent is clipped to ±`bound`, because two large currents would make it overflow.
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
