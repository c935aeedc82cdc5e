"""Functions of bins and firing probabilities: the goal of each binary neuron with its gradient, and the information terms."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from jaxtyping import Float, Integer
from torch import Tensor

from infomorphic.errors import ObjectiveInputError
from infomorphic.goals import RESIDUAL_ENTROPY, AtomMapping, Goal, default_sources
from infomorphic.goals.atoms import check_sources
from infomorphic.objective.batch import Batch
from infomorphic.objective.choice import Method, evaluator_for
from infomorphic.objective.samples import MAX_SOURCES, BinnedCurrents, check_samples
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.pid.measure import RedundancyMeasure
from infomorphic.pid.measures import resolve_measure


def goal_with_gradient(
    bin_index: Integer[Tensor, "sources batch neurons"],
    firing_prob: Float[Tensor, "batch neurons"],
    goal: Goal,
    num_bins: int | Sequence[int] = 20,
    *,
    sources: str | None = None,
    measure: str | RedundancyMeasure = "sx",
    method: Method | None = None,
) -> tuple[Float[Tensor, " neurons"], Float[Tensor, "batch neurons"]]:
    """The goal of every neuron in bits, and its gradient with respect to the firing probability.

    G = Σ_α γ_α Π_α + γ_res H_res of the plug-in distribution: at its own bins, sample i adds θ_i / B to output +1 and
    (1 − θ_i) / B to output −1. The gradient treats bins as constants.

        >>> bins = torch.randint(20, (3, 1024, 100))
        >>> value, gradient = goal_with_gradient(bins, torch.rand(1024, 100), Goal.parse("{F}{C} - {F}{L}"))

    Args:
        bin_index: the bin of each source, in the order of `sources`; 1 to 4 sources, any integer type.
        firing_prob: θ, the probability of output +1.
        goal: the goal to evaluate.
        num_bins: number of bins, one for all sources or one for each, in the order of `sources`.
        sources: the one-letter names of the sources of `bin_index`; by default `goal.sources`. Sources are matched by name.
        measure: the measure of redundancy: a name, `FILE.py:NAME`, or an instance. Only "sx", shared exclusions, has closed forms.
        method: "kernel" (compiled, CPU only), "torch" (any device) or "dense" (slow); by default the kernel on the CPU, else torch.

    Both tensors are fastest as transposes of contiguous (sources, neurons, batch) and (neurons, batch), because nothing is
    copied. The gradient has the same layout. Neurons do not affect each other, and the number of threads does not affect results.

    At θ of exactly 0 or 1 the value is exact. The true gradient is infinite there; the returned one is large and finite.

    Returns:
        The value of each neuron and d(sum of values)/dθ, in the dtype of `firing_prob`.

    Raises:
        ObjectiveInputError: if the inputs do not match, a bin is out of range, θ is not a probability, or `sources` are not the
            sources of the goal.
        GoalError: if a weight of the goal is too large.

    Source: arXiv:2412.02482, sec. 2 and app. A.1; arXiv:2002.03356, eq. 9.
    """
    batch = _checked(bin_index, firing_prob, goal, num_bins, sources, measure)
    found = evaluator_for(batch, method).evaluate(batch, goal)
    return found.value, found.gradient


def information_terms(
    bin_index: Integer[Tensor, "sources batch neurons"],
    firing_prob: Float[Tensor, "batch neurons"],
    num_bins: int | Sequence[int] = 20,
    sources: str | None = None,
    *,
    measure: str | RedundancyMeasure = "sx",
    method: Method | None = None,
) -> AtomMapping[Float[Tensor, " neurons"]]:
    """Every atom Π_α of every neuron and its residual entropy, in bits; together they sum to H(Y).

    Args:
        sources: one-letter names of the sources; by default F, C, L, then the alphabet.

    The other arguments are as in `goal_with_gradient`.

    Returns:
        A mapping from the label of each atom, in any spelling, and from "H_res" to one value per neuron.

    Raises:
        ObjectiveInputError: if the inputs do not match, a bin is out of range, or θ is not a probability.
        GoalError: if `sources` is not one distinct letter per source.
    """
    batch = _batch(bin_index, firing_prob, num_bins, measure)
    num_sources = len(batch.num_bins)
    names = default_sources(num_sources) if sources is None else sources
    check_sources(names)
    if len(names) != num_sources:
        raise ObjectiveInputError(f"`sources` must name the {num_sources} sources of `bin_index`; got {names!r}.")
    return terms_of_batch(batch, names, method)


def terms_of_batch(batch: Batch, sources: str, method: Method | None = None) -> AtomMapping[Float[Tensor, " neurons"]]:
    """Every atom and the residual entropy of the neurons of a batch, without a graph; see `information_terms`."""
    redundancy, entropy = evaluator_for(batch, method).redundancies(batch)
    mobius = torch.as_tensor(redundancy_lattice(len(sources)).mobius.dense, dtype=redundancy.dtype, device=redundancy.device)
    atoms = (redundancy @ mobius.T).to(batch.distribution.dtype)
    residual = (entropy - redundancy[:, -1]).to(batch.distribution.dtype)
    return AtomMapping(sources, atoms.unbind(dim=1), {RESIDUAL_ENTROPY: residual})


def needs_compilation(dtype: torch.dtype = torch.float32, *, batch: int = 1024, num_bins: int | Sequence[int] = 20) -> bool:
    """Whether the first call on the CPU must compile, which takes about ten seconds once per machine.

    Args:
        dtype: the dtype of the firing probabilities.
        batch: the batch size. The code differs only between fewer and more than 65 536 occupied cells.
        num_bins: the number of bins.
    """
    from infomorphic.objective import kernel_method

    bins = (num_bins,) * MAX_SOURCES if isinstance(num_bins, int) else tuple(num_bins)
    one = torch.zeros((1, 1), dtype=dtype)
    return kernel_method.needs_compilation(BinnedCurrents((one,) * len(bins), one, one, one, bins), batch)


def _batch(bin_index: Tensor, firing_prob: Tensor, num_bins: int | Sequence[int], measure: str | RedundancyMeasure) -> Batch:
    samples = check_samples(bin_index, firing_prob, num_bins)
    return Batch(samples.firing_prob.transpose(0, 1), samples.num_bins, samples.bin_index.transpose(1, 2), measure=resolve_measure(measure))


def _checked(
    bin_index: Tensor,
    firing_prob: Tensor,
    goal: Goal,
    num_bins: int | Sequence[int],
    sources: str | None,
    measure: str | RedundancyMeasure,
) -> Batch:
    """The batch, with its sources in the order of the goal."""
    if not isinstance(goal, Goal):
        raise ObjectiveInputError(f"`goal` must be a Goal; got {type(goal).__name__}. Make one with Goal.parse or Goal.published.")
    batch = _batch(bin_index, firing_prob, num_bins, measure)
    if len(batch.num_bins) != len(goal.sources):
        raise ObjectiveInputError(
            f"`bin_index` must have one entry along its first axis for each source of the goal, {goal.sources!r}; "
            f"got {len(batch.num_bins)}. Pass the sources when parsing the goal: Goal.parse(text, sources=...)."
        )
    goal.check_trainable()
    if sources is None or sources == goal.sources:
        return batch
    if sorted(sources) != sorted(goal.sources):
        raise ObjectiveInputError(f"`sources` must be the sources of the goal, {goal.sources!r}, in any order; got {sources!r}.")
    order = [sources.index(source) for source in goal.sources]
    return replace(batch, bin_index=batch.bins()[order], num_bins=tuple(batch.num_bins[i] for i in order))
