"""The gradient of the goal straight from currents: on the CPU they are binned inside the kernel, and no bins are stored."""

from collections.abc import Sequence
from functools import lru_cache

import torch
from jaxtyping import Float, Int
from torch import Tensor

from infomorphic.errors import ObjectiveInputError
from infomorphic.estimation.binning import Binning, EqualWidthBinning, FixedRange, LargestMagnitude
from infomorphic.goals import Goal
from infomorphic.objective.inputs import BinnedCurrents
from infomorphic.objective.local_goal import fits_kernel, goal_gradient
from infomorphic.objective.plan import goal_terms

# Up to here calling torch takes longer than what it does: in a step of 100 neurons the ranges of the readout's ten took 0.3 ms.
_FEW_NUMBERS = 2**15


def bins_of_currents(
    currents: Sequence[Float[Tensor, "batch neurons"]], binnings: Sequence[Binning]
) -> Int[Tensor, "sources batch neurons"]:
    """The bins of each source's currents, stored neuron by neuron."""
    return torch.stack([binning(current).T for binning, current in zip(binnings, currents, strict=True)]).transpose(1, 2)


def goal_gradient_of_currents(
    currents: Sequence[Float[Tensor, "batch neurons"]],
    firing_prob: Float[Tensor, "batch neurons"],
    goal: Goal,
    binnings: Sequence[Binning],
    factor: float = 1.0,
) -> Float[Tensor, "batch neurons"]:
    """`factor` times the gradient of every neuron's goal with respect to θ; see `goal_gradient`.

    The same, bit for bit, as binning first. Currents and θ are read in place if they are stored neuron by neuron.

    Args:
        currents: one tensor a source, in the order of `goal.sources`.
        firing_prob: θ.
        goal: what to climb.
        binnings: one a source.
        factor: −1 for an optimizer that descends.

    Raises:
        ObjectiveInputError: if the inputs do not fit each other, a current is NaN or θ is no probability.
    """
    samples = _kernel_samples(currents, firing_prob, goal, binnings)
    if samples is None:
        num_bins = tuple(binning.num_bins for binning in binnings)
        return factor * goal_gradient(bins_of_currents(currents, binnings), firing_prob, goal, num_bins)
    # Here, not above: importing this module must not import numba.
    from infomorphic.objective import kernel_method

    return kernel_method.solve_with_kernel(samples, goal_terms(goal), goal.residual_entropy, True, False, factor)[0].T


def _kernel_samples(
    currents: Sequence[Float[Tensor, "batch neurons"]], firing_prob: Float[Tensor, "batch neurons"], goal: Goal, binnings: Sequence[Binning]
) -> BinnedCurrents | None:
    """The samples as the kernels bin them themselves, or None where they cannot.

    Raises:
        ObjectiveInputError: if the inputs do not fit each other.
    """
    if not len(currents) == len(binnings) == len(goal.sources):
        raise ObjectiveInputError(
            f"`currents` and `binnings` must have one entry for each source of the goal, {goal.sources!r}; "
            f"got {len(currents)} and {len(binnings)}."
        )
    num_bins = tuple(binning.num_bins for binning in binnings)
    equal_widths = [binning for binning in binnings if isinstance(binning, EqualWidthBinning)]
    alike = all(current.shape == firing_prob.shape and current.dtype == firing_prob.dtype for current in currents)
    if len(equal_widths) < len(binnings) or not alike or firing_prob.numel() == 0 or not fits_kernel(firing_prob, num_bins):
        return None
    with torch.no_grad():
        by_neuron = tuple(current.detach().T.contiguous() for current in currents)
        low, per_unit = _scales(equal_widths, by_neuron)
        return BinnedCurrents(by_neuron, low, per_unit, firing_prob.detach().T.contiguous(), num_bins)


def _scales(
    binnings: Sequence[EqualWidthBinning], currents: Sequence[Float[Tensor, "neurons batch"]]
) -> tuple[Float[Tensor, "sources neurons"], Float[Tensor, "sources neurons"]]:
    """Lowest edge and bins per unit of every source and neuron."""
    fixed = tuple(binning for binning in binnings if isinstance(binning, FixedRange))
    if len(fixed) == len(binnings):
        return _fixed_scales(fixed, len(currents[0]), currents[0].dtype)
    if all(type(binning) is LargestMagnitude for binning in binnings) and currents[0].numel() <= _FEW_NUMBERS:
        return _scales_by_largest_magnitude(binnings, currents)
    return _stacked([binning.scale(current.T) for binning, current in zip(binnings, currents, strict=True)], len(currents[0]))


def _scales_by_largest_magnitude(
    binnings: Sequence[EqualWidthBinning], currents: Sequence[Float[Tensor, "neurons batch"]]
) -> tuple[Float[Tensor, "sources neurons"], Float[Tensor, "sources neurons"]]:
    from infomorphic.estimation.range_kernel import scale_by_largest_magnitude

    scales = currents[0].new_empty(2, len(currents), len(currents[0]))
    for binning, current, low, per_unit in zip(binnings, currents, *scales.numpy(), strict=True):
        scale_by_largest_magnitude(current.numpy(), binning.num_bins, low, per_unit)
    return scales[0], scales[1]


# Making tensors of a few numbers takes as long as a small layer does.
@lru_cache(maxsize=64)
def _fixed_scales(binnings: tuple[FixedRange, ...], neurons: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    like = torch.empty((0, neurons), dtype=dtype)
    return _stacked([binning.scale(like) for binning in binnings], neurons)


def _stacked(scales: Sequence[tuple[Tensor, Tensor]], neurons: int) -> tuple[Tensor, Tensor]:
    low, per_unit = zip(*scales, strict=True)
    return torch.stack([x.expand(neurons) for x in low]), torch.stack([x.expand(neurons) for x in per_unit])
