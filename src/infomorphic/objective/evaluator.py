"""The interface of evaluators of a goal. `choice` selects one."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor
from torch.autograd.function import once_differentiable

from infomorphic.goals import Goal
from infomorphic.objective.batch import Batch


class Evaluated(NamedTuple):
    """The goal of every neuron, with its gradients."""

    value: Float[Tensor, " neurons"]
    """In bits."""
    gradient: Float[Tensor, "batch neurons *values"]
    """∂(sum of values) / ∂(distribution of the outputs)."""
    current_gradients: tuple[Float[Tensor, "batch neurons"] | None, ...] = ()
    """∂(sum of values) / ∂(current) through the bins, one per source; None for bins without a gradient. Empty if no bins have one."""


class Evaluator(ABC):
    """A method to evaluate the goals of the neurons of a batch. Neurons do not affect each other."""

    @abstractmethod
    def refusal(self, batch: Batch) -> str | None:
        """The reason why this evaluator cannot evaluate the batch; None if it can."""

    @abstractmethod
    def evaluate(self, batch: Batch, goal: Goal) -> Evaluated:
        """Value and gradients of the goal, without a graph.

        Raises:
            ObjectiveInputError: if the inputs do not match, a bin is out of range, or a probability is invalid.
        """

    @abstractmethod
    def descent(self, batch: Batch, goal: Goal) -> tuple[Tensor, Tensor | None]:
        """A tensor and the gradient of −Σ_j G_j with respect to it, for `descend`.

        Raises:
            ObjectiveInputError: as in `evaluate`.
        """

    @abstractmethod
    def redundancies(self, batch: Batch) -> tuple[Float[Tensor, "neurons antichains"], Float[Tensor, " neurons"]]:
        """I_α of every antichain, in the order of the lattice, and H(Y), in bits, without a graph.

        Raises:
            ObjectiveInputError: as in `evaluate`.
        """

    def value(self, batch: Batch, goal: Goal) -> Float[Tensor, " neurons"]:
        """The goal of every neuron in bits. Differentiable once, with respect to the distribution and, for soft bins, the currents."""
        found: Tensor = _Value.apply(self, batch, goal, batch.distribution, *batch.currents)  # type: ignore[assignment]
        return found


def descend(descents: Iterable[tuple[Tensor, Tensor | None]]) -> None:
    """Add to `.grad` of all weights the gradient of −Σ_j G_j over all neurons of the given descents (`Evaluator.descent`)."""
    pairs = list(descents)
    roots = [tensor for tensor, gradient in pairs if gradient is None]
    if known := [(tensor, gradient) for tensor, gradient in pairs if gradient is not None]:
        tensors, gradients = zip(*known, strict=True)
        roots.append(_Descent.apply(gradients, *tensors))  # type: ignore[arg-type]
    torch.autograd.backward(roots)


class _Descent(torch.autograd.Function):
    """A number with the given gradients.

    Passing the gradients to `torch.autograd.backward` would do the same, but imports sympy and a part of torch's compiler.
    """

    @staticmethod
    def forward(ctx: Any, gradients: tuple[Tensor, ...], *tensors: Tensor) -> Tensor:
        ctx.gradients = gradients
        return tensors[0].new_zeros(())

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *outer: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        return None, *ctx.gradients


class _Value(torch.autograd.Function):
    """Autograd function that returns the values and gradients of an evaluator."""

    @staticmethod
    def forward(ctx: Any, evaluator: Evaluator, batch: Batch, goal: Goal, *tensors: Tensor) -> Tensor:
        found = evaluator.evaluate(batch, goal)
        gradients: Sequence[Tensor | None] = (found.gradient, *(found.current_gradients or (None,) * len(batch.currents)))
        ctx.has_gradient = [gradient is not None for gradient in gradients]
        ctx.save_for_backward(*(gradient for gradient in gradients if gradient is not None))
        return found.value

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *outer: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        gradients = iter(ctx.saved_tensors)
        return None, None, None, *(_scaled(next(gradients), outer[0]) if has else None for has in ctx.has_gradient)


def _scaled(
    gradient: Float[Tensor, "batch neurons *values"], by_neuron: Float[Tensor, " neurons"]
) -> Float[Tensor, "batch neurons *values"]:
    return gradient * by_neuron.reshape(-1, *(1,) * (gradient.ndim - 2))
