"""The goal of a layer's neurons as an objective to maximize. It connects layers, which do not depend on PID, to the evaluators."""

from collections.abc import Mapping

from jaxtyping import Float, Int
from torch import Tensor

from infomorphic.errors import ConfigurationError
from infomorphic.estimation.binning import Binning
from infomorphic.goals import AtomMapping, Goal
from infomorphic.layers import Response
from infomorphic.objective.batch import Batch
from infomorphic.objective.choice import Method, evaluator_for
from infomorphic.objective.currents import bins_of_currents
from infomorphic.objective.evaluator import descend
from infomorphic.objective.of_bins import terms_of_batch
from infomorphic.pid.measure import RedundancyMeasure
from infomorphic.pid.measures import resolve_measure

Binnings = Binning | Mapping[str, Binning]
"""One binning for the currents of all sources, or one per source."""


class LocalGoal:
    """The goal of every neuron of a layer, estimated from a batch.

        G_j = Σ_α γ_α Π_α(F_j, C_j, … → Y_j) + γ_res H(Y_j | F_j, C_j, …)        for each neuron j

    Calling it returns G_j. It is differentiable with respect to the firing probabilities and, through them, to the neuron's own
    weights: use `(-goal(layer(F=x, C=y))).sum().backward()` in any torch training loop. `goal.ascend(layer(F=x, C=y))` fills the same
    gradients without the value and is faster. Bins have no gradient, except soft bins.

    Args:
        goal: weights of atoms by the names of the layer's sources. The order of the sources may differ from the layer's order.
        binning: how currents are binned; see `infomorphic.estimation`.
        measure: the measure of redundancy: a name, `FILE.py:NAME`, or an instance. It must be differentiable.
        method: how the goal is evaluated; by default the fastest method for the measure, the alphabet and the bins.

    Raises:
        ConfigurationError: if `binning` does not have the sources of the goal, or the measure is not differentiable. When called, if the
            layer does not have the sources of the goal.
        MeasureError: if the measure does not exist.
        GoalError: if a weight is too large for training.

    Source: arXiv:2412.02482, sec. 2 and A.6.
    """

    def __init__(self, goal: Goal, binning: Binnings, *, measure: str | RedundancyMeasure = "sx", method: Method | None = None):
        if not isinstance(goal, Goal):
            raise ConfigurationError(f"`goal` must be a Goal; got {type(goal).__name__}. Make one with Goal.parse or Goal.published.")
        goal.check_trainable()
        self.goal = goal
        self.measure = resolve_measure(measure)
        if not self.measure.properties.differentiable:
            raise ConfigurationError(f'`measure` must be differentiable; {self.measure.name!r} is not. Use another, such as "sx".')
        self.method: Method | None = method
        if isinstance(binning, Mapping):
            missing = [s for s in goal.sources if s not in binning]
            if missing or len(binning) != len(goal.sources):
                raise ConfigurationError(f"`binning` must have one entry per source ({', '.join(goal.sources)}); got {', '.join(binning)}.")
            self.binnings = tuple(binning[s] for s in goal.sources)
        else:
            self.binnings = (binning,) * len(goal.sources)

    def __call__(self, output: Response) -> Float[Tensor, " neurons"]:
        """G of each neuron in bits."""
        batch = self._batch(output)
        return evaluator_for(batch, self.method).value(batch, self.goal)

    def descent(self, output: Response) -> tuple[Tensor, Tensor | None]:
        """A tensor and the gradient of −Σ_j G_j with respect to it, for `infomorphic.objective.descend`.

        With a closed form, the tensor is the distribution of the outputs. Otherwise it is −Σ_j G_j, and the gradient is None.
        """
        batch = self._batch(output)
        return evaluator_for(batch, self.method).descent(batch, self.goal)

    def ascend(self, output: Response) -> None:
        """Add the gradient of −Σ_j G_j to `.grad` of the weights that `output` depends on."""
        descend([self.descent(output)])

    def terms(self, output: Response) -> AtomMapping[Float[Tensor, " neurons"]]:
        """Every atom of each neuron and its residual entropy in bits, without a gradient; see `information_terms`.

        Each sample counts in one bin, even if bins are soft.
        """
        batch = Batch(output.distribution.detach(), self.num_bins, self.bin_index(output), alphabet=output.alphabet, measure=self.measure)
        return terms_of_batch(batch, self.goal.sources, self.method)

    @property
    def num_bins(self) -> tuple[int, ...]:
        """The number of bins of each source."""
        return tuple(b.num_bins for b in self.binnings)

    def bin_index(self, output: Response) -> Int[Tensor, "sources batch neurons"]:
        """The bins of the currents, in the order of `goal.sources`."""
        return bins_of_currents(self.currents(output), self.binnings)

    def currents(self, output: Response) -> tuple[Float[Tensor, "batch neurons"], ...]:
        """The currents of the goal's sources, in the order of `goal.sources`, regardless of the layer's order.

        Currents without names must already be in the order of `goal.sources`.

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
        """Check that these are the sources of the goal, in any order.

        Raises:
            ConfigurationError: if `sources` are not the sources of the goal.
        """
        if sorted(sources) != sorted(self.goal.sources):
            raise ConfigurationError(
                f"the goal has the sources {', '.join(self.goal.sources)}; {layer} has {', '.join(sources)}. "
                f"Write a goal with these sources: Goal.parse(text, sources={sources!r})."
            )

    def _batch(self, output: Response) -> Batch:
        return Batch(output.distribution, self.num_bins, None, self.currents(output), self.binnings, output.alphabet, self.measure)
