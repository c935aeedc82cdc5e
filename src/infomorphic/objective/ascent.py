"""The goal of a layer's neurons as something to ascend: the bridge between layers, which know no PID, and the objective."""

from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable

from infomorphic.errors import ConfigurationError
from infomorphic.estimation.binning import Binning, SoftRange
from infomorphic.goals import AtomMapping, Goal
from infomorphic.layers import Response
from infomorphic.objective.currents import bins_of_currents, goal_gradient_of_currents
from infomorphic.objective.local_goal import goal_with_gradient, information_terms
from infomorphic.objective.soft_bins import soft_goal

Binnings = Binning | Mapping[str, Binning]
"""One binning for the currents of all sources, or one by source."""


class LocalGoal:
    """What every neuron of a layer aims for, estimated from a batch.

        G_j = Σ_α γ_α Π_α(F_j, C_j, … → Y_j) + γ_res H(Y_j | F_j, C_j, …)        for each neuron j

    Calling it gives G_j, differentiable with respect to the firing probabilities and through them to the neuron's own
    weights: `(-goal(layer(F=x, C=y))).sum().backward()` is a step for any torch training loop, and `goal.ascend(layer(F=x, C=y))` the
    same without the value, sooner. Bins have no gradient, except soft ones.

    Args:
        goal: weights of atoms by the names of the layer's sources. The goal and the layer may name them in different orders.
        binning: how currents are binned; see `infomorphic.estimation`.

    Raises:
        ConfigurationError: if `binning` does not have the sources of the goal; when called, if the layer does not have them.
        GoalError: if a weight is too large to be trained with.

    Source: arXiv:2412.02482, sec. 2 and A.6.
    """

    def __init__(self, goal: Goal, binning: Binnings):
        if not isinstance(goal, Goal):
            raise ConfigurationError(f"`goal` must be a Goal; got {type(goal).__name__}. Make one with Goal.parse or Goal.published.")
        goal.check_trainable()
        self.goal = goal
        if isinstance(binning, Mapping):
            missing = [s for s in goal.sources if s not in binning]
            if missing or len(binning) != len(goal.sources):
                raise ConfigurationError(f"`binning` must have one entry a source ({', '.join(goal.sources)}); got {', '.join(binning)}.")
            self.binnings = tuple(binning[s] for s in goal.sources)
        else:
            self.binnings = (binning,) * len(goal.sources)

    def __call__(self, output: Response) -> Float[Tensor, " neurons"]:
        """G of each neuron in bits."""
        if self.is_soft:
            return soft_goal(self.currents(output), output.firing_prob, self.goal, self.binnings)
        value: Tensor = _GoalOfFiringProbability.apply(output.firing_prob, self, self.bin_index(output))
        return value

    def descent(self, output: Response) -> tuple[Tensor, Tensor | None]:
        """A tensor and the gradient of −Σ_j G_j with respect to it, to be handed to `torch.autograd.backward`.

        The tensor is θ, or with soft bins, which have a gradient of their own, −Σ_j G_j itself, and no gradient (None).
        """
        if self.is_soft:
            return -self(output).sum(), None
        gradient = goal_gradient_of_currents(self.currents(output), output.firing_prob, self.goal, self.binnings, factor=-1.0)
        return output.firing_prob, gradient

    def ascend(self, output: Response) -> None:
        """Add to `.grad` of the weights that `output` depends on the gradient of −Σ_j G_j."""
        torch.autograd.backward(*self.descent(output))

    def terms(self, output: Response) -> AtomMapping[Float[Tensor, " neurons"]]:
        """Every atom of each neuron and its residual entropy in bits, without a gradient; see `information_terms`."""
        return information_terms(self.bin_index(output), output.firing_prob.detach(), self.num_bins, sources=self.goal.sources)

    def value_and_gradient(
        self, bin_index: Int[Tensor, "sources batch neurons"], firing_prob: Float[Tensor, "batch neurons"]
    ) -> tuple[Float[Tensor, " neurons"], Float[Tensor, "batch neurons"]]:
        """G and ∂G/∂θ, from the bins that `bin_index` gives."""
        return goal_with_gradient(bin_index, firing_prob, self.goal, self.num_bins)

    @property
    def is_soft(self) -> bool:
        """Whether samples are shared out among the bins of some source."""
        return any(isinstance(b, SoftRange) for b in self.binnings)

    @property
    def num_bins(self) -> list[int]:
        """The number of bins of each source."""
        return [b.num_bins for b in self.binnings]

    def bin_index(self, output: Response) -> Int[Tensor, "sources batch neurons"]:
        """The bins of the currents, in the order of `goal.sources`."""
        return bins_of_currents(self.currents(output), self.binnings)

    def currents(self, output: Response) -> tuple[Float[Tensor, "batch neurons"], ...]:
        """The currents of the goal's sources, in the order of `goal.sources` whatever that of the layer.

        Currents without names are taken in the order of `goal.sources`.

        Raises:
            ConfigurationError: if the layer does not have exactly the sources of the goal.
        """
        if output.sources is None:
            if len(output.currents) != len(self.binnings):
                raise ConfigurationError(
                    f"the goal has the sources {', '.join(self.goal.sources)}; the layer has {len(output.currents)} currents."
                )
            return output.currents
        self.check_sources(output.sources)
        if output.sources == self.goal.sources:
            return output.currents
        return tuple(output.currents[output.sources.index(source)] for source in self.goal.sources)

    def check_sources(self, sources: str, layer: str = "the layer") -> None:
        """Raise unless these are the sources of the goal, in any order.

        Raises:
            ConfigurationError: if they are not.
        """
        if sorted(sources) != sorted(self.goal.sources):
            raise ConfigurationError(
                f"the goal has the sources {', '.join(self.goal.sources)}; {layer} has {', '.join(sources)}. "
                f"Write a goal of these sources: Goal.parse(text, sources={sources!r})."
            )


class _GoalOfFiringProbability(torch.autograd.Function):
    """G with its closed-form gradient."""

    @staticmethod
    def forward(ctx: Any, firing_prob: Tensor, goal: LocalGoal, bin_index: Tensor) -> Tensor:
        value, gradient = goal.value_and_gradient(bin_index, firing_prob.detach())
        ctx.save_for_backward(gradient)
        return value

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *outer: Any) -> tuple[Tensor, None, None]:  # pyright: ignore[reportIncompatibleMethodOverride]
        (gradient,) = ctx.saved_tensors
        return gradient * outer[0], None, None
