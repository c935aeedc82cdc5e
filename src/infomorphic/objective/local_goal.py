"""The public functions: the goal of every neuron with its gradient, and the information terms that it is made of."""

import math
from collections.abc import Sequence
from typing import Literal

import torch
from jaxtyping import Float, Integer
from torch import Tensor

from infomorphic.errors import ObjectiveInputError
from infomorphic.goals import RESIDUAL_ENTROPY, AtomMapping, Goal, default_sources
from infomorphic.goals.atoms import check_sources
from infomorphic.objective.inputs import MAX_SOURCES, Samples, check_samples
from infomorphic.objective.plan import Terms, all_terms, goal_terms
from infomorphic.objective.torch_method import solve_with_torch
from infomorphic.pid.lattice import redundancy_lattice

Method = Literal["kernel", "torch"]
"""How to evaluate a goal: by the compiled kernel, on the CPU alone, or by torch operations on any device."""

# The kernel keeps the joint histogram of one neuron as a table in each thread; 20 bins for each of 4 sources are 160 000.
_LARGEST_TABLE = 2**22


def goal_with_gradient(
    bin_index: Integer[Tensor, "sources batch neurons"],
    firing_prob: Float[Tensor, "batch neurons"],
    goal: Goal,
    num_bins: int | Sequence[int] = 20,
    *,
    sources: str | None = None,
    method: Method | None = None,
) -> tuple[Float[Tensor, " neurons"], Float[Tensor, "batch neurons"]]:
    """The goal of every neuron in bits, and its gradient with respect to the firing probability.

    G = Σ_α γ_α Π_α + γ_res H_res of the plug-in distribution in which sample i puts θ_i / B on output +1 and
    (1 − θ_i) / B on output −1 at its own bins. Bins are constants to the gradient.

        >>> bins = torch.randint(20, (3, 1024, 100))
        >>> value, gradient = goal_with_gradient(bins, torch.rand(1024, 100), Goal.parse("{F}{C} - {F}{L}"))

    Args:
        bin_index: the bin of each source, in the order of `sources`; 1 to 4 sources, any integer type.
        firing_prob: θ, the probability of output +1.
        goal: what to evaluate.
        num_bins: number of bins, one for all sources or one for each, in the order of `sources`.
        sources: the one-letter names of the sources of `bin_index`; by default `goal.sources`. Another order is matched by name.
        method: "kernel" (compiled, CPU only) or "torch" (any device); by default the kernel on the CPU.

    Both tensors are fastest as transposes of contiguous (sources, neurons, batch) and (neurons, batch): nothing is copied.
    The gradient comes back in that layout. Neurons do not affect each other, nor does the number of threads.

    At θ of exactly 0 or 1 the value is exact and the gradient, infinite in truth, is large and finite.

    Returns:
        The value of each neuron and d(sum of values)/dθ, in the type of `firing_prob`.

    Raises:
        ObjectiveInputError: if the inputs do not fit each other, a bin is out of range, θ is no probability, or `sources` are not
            those of the goal.
        GoalError: if a weight of the goal is too large.

    Source: arXiv:2412.02482, sec. 2 and app. A.1; arXiv:2002.03356, eq. 9.
    """
    samples = _checked(bin_index, firing_prob, goal, num_bins, sources)
    terms = goal_terms(goal)
    gradient, redundancy, entropy = _solve(samples, terms, goal.residual_entropy, True, True, method)
    coefficient = torch.as_tensor(terms.coefficient, dtype=redundancy.dtype, device=redundancy.device)
    value = redundancy @ coefficient + goal.residual_entropy * entropy
    return value.to(firing_prob.dtype), gradient.transpose(0, 1)


def goal_gradient(
    bin_index: Integer[Tensor, "sources batch neurons"],
    firing_prob: Float[Tensor, "batch neurons"],
    goal: Goal,
    num_bins: int | Sequence[int] = 20,
    *,
    sources: str | None = None,
    method: Method | None = None,
) -> Float[Tensor, "batch neurons"]:
    """The gradient alone, for training steps that do not look at the value. See `goal_with_gradient`."""
    samples = _checked(bin_index, firing_prob, goal, num_bins, sources)
    return _solve(samples, goal_terms(goal), goal.residual_entropy, True, False, method)[0].transpose(0, 1)


def information_terms(
    bin_index: Integer[Tensor, "sources batch neurons"],
    firing_prob: Float[Tensor, "batch neurons"],
    num_bins: int | Sequence[int] = 20,
    sources: str | None = None,
    *,
    method: Method | None = None,
) -> AtomMapping[Float[Tensor, " neurons"]]:
    """Every atom Π_α of every neuron and its residual entropy, in bits; together they sum to H(Y).

    Args:
        sources: one-letter names of the sources; by default the first of F, C, L and then the alphabet.

    The other arguments are those of `goal_with_gradient`.

    Returns:
        A mapping from the atom's label, in any spelling, to a value a neuron, and "H_res".

    Raises:
        ObjectiveInputError: if the inputs do not fit each other, a bin is out of range or θ is no probability.
        GoalError: if `sources` does not name the sources.
    """
    samples = check_samples(bin_index, firing_prob, num_bins)
    num_sources = len(samples.num_bins)
    names = default_sources(num_sources) if sources is None else sources
    check_sources(names)
    if len(names) != num_sources:
        raise ObjectiveInputError(f"`sources` must name the {num_sources} sources of `bin_index`; got {names!r}.")
    _, redundancy, entropy = _solve(samples, all_terms(num_sources), 0.0, False, True, method)
    mobius = torch.as_tensor(redundancy_lattice(num_sources).mobius.dense, dtype=redundancy.dtype, device=redundancy.device)
    atoms = (redundancy @ mobius.T).to(firing_prob.dtype)
    residual = (entropy - redundancy[:, -1]).to(firing_prob.dtype)
    return AtomMapping(names, atoms.unbind(dim=1), {RESIDUAL_ENTROPY: residual})


def needs_compilation(dtype: torch.dtype = torch.float32, *, batch: int = 1024, num_bins: int | Sequence[int] = 20) -> bool:
    """Whether the first call on the CPU will compile for some ten seconds, since no process on this machine has yet.

    Args:
        dtype: the type of the firing probabilities.
        batch: the batch size. Code differs only between fewer and more than 65 536 occupied cells.
        num_bins: the number of bins.
    """
    from infomorphic.objective import kernel_method

    bins = (num_bins,) * MAX_SOURCES if isinstance(num_bins, int) else tuple(num_bins)
    zeros = torch.zeros((len(bins), 1, 1), dtype=torch.int64)
    return kernel_method.needs_compilation(Samples(zeros, torch.zeros((1, 1), dtype=dtype), bins), batch)


def fits_kernel(firing_prob: Tensor, num_bins: Sequence[int]) -> bool:
    """Whether the compiled kernel can evaluate this: on the CPU, in a type that it has, with tables of bounded size."""
    usable = firing_prob.device.type == "cpu" and firing_prob.dtype in (torch.float32, torch.float64)
    return usable and len(num_bins) <= MAX_SOURCES and math.prod(num_bins) <= _LARGEST_TABLE


def _checked(bin_index: Tensor, firing_prob: Tensor, goal: Goal, num_bins: int | Sequence[int], sources: str | None) -> Samples:
    if not isinstance(goal, Goal):
        raise ObjectiveInputError(f"`goal` must be a Goal; got {type(goal).__name__}. Make one with Goal.parse or Goal.published.")
    samples = check_samples(bin_index, firing_prob, num_bins)
    if len(samples.num_bins) != len(goal.sources):
        raise ObjectiveInputError(
            f"`bin_index` must have one entry along its first axis for each source of the goal, {goal.sources!r}; "
            f"got {len(samples.num_bins)}. Name the sources when parsing: Goal.parse(text, sources=...)."
        )
    goal.check_trainable()
    if sources is None or sources == goal.sources:
        return samples
    if sorted(sources) != sorted(goal.sources):
        raise ObjectiveInputError(f"`sources` must be those of the goal, {goal.sources!r}, in any order; got {sources!r}.")
    order = [sources.index(source) for source in goal.sources]
    return Samples(samples.bin_index[order], samples.firing_prob, tuple(samples.num_bins[i] for i in order))


def _solve(
    samples: Samples, terms: Terms, residual: float, want_gradient: bool, want_value: bool, method: Method | None
) -> tuple[Float[Tensor, "neurons batch"], Float[Tensor, "neurons antichains"], Float[Tensor, " neurons"]]:
    """Gradient, redundancies of the terms and H(Y), by whichever method; what is not wanted comes back empty."""
    if method is None:
        method = "kernel" if fits_kernel(samples.firing_prob, samples.num_bins) else "torch"
    if method == "torch":
        return solve_with_torch(samples, terms, residual, want_gradient, want_value)
    if method != "kernel":
        raise ObjectiveInputError(f'`method` must be "kernel", "torch" or None; got {method!r}.')
    if samples.firing_prob.device.type != "cpu":
        raise ObjectiveInputError(f'`method="kernel"` must be given tensors on the CPU; got {samples.firing_prob.device}. Use "torch".')
    if not fits_kernel(samples.firing_prob, samples.num_bins):
        raise ObjectiveInputError(
            f'`num_bins` must have a product of at most {_LARGEST_TABLE} for method="kernel"; got {samples.num_bins}. Use "torch".'
        )
    # Here, not above: importing this module must not import numba.
    from infomorphic.objective import kernel_method

    return kernel_method.solve_with_kernel(samples, terms, residual, want_gradient, want_value)
