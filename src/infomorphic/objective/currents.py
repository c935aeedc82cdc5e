"""From currents to bins. The bins are stored or, on the CPU, computed inside the kernel without being stored."""

from collections.abc import Sequence
from functools import lru_cache

import torch
from jaxtyping import Float, Int
from torch import Tensor

from infomorphic.estimation.binning import Binning, EqualWidthBinning, FixedRange, LargestMagnitude
from infomorphic.objective.samples import BinnedCurrents

# Up to this size, calling torch takes longer than the computation: in a step of 100 neurons the ranges of the ten readout neurons took 0.3 ms.
_FEW_NUMBERS = 2**15


def bins_of_currents(
    currents: Sequence[Float[Tensor, "batch neurons"]], binnings: Sequence[Binning]
) -> Int[Tensor, "sources batch neurons"]:
    """The bins of each source's currents, stored neuron-major."""
    return torch.stack([binning(current).T for binning, current in zip(binnings, currents, strict=True)]).transpose(1, 2)


def binned_currents(
    currents: Sequence[Float[Tensor, "batch neurons"]], firing_prob: Float[Tensor, "batch neurons"], binnings: Sequence[Binning]
) -> BinnedCurrents | None:
    """The currents in the form that the kernel bins itself; None if it cannot. Neuron-major tensors are not copied."""
    num_bins = tuple(binning.num_bins for binning in binnings)
    equal_widths = [binning for binning in binnings if isinstance(binning, EqualWidthBinning)]
    alike = all(current.shape == firing_prob.shape and current.dtype == firing_prob.dtype for current in currents)
    usable = alike and firing_prob.dtype in (torch.float32, torch.float64) and firing_prob.numel() > 0
    if len(equal_widths) < len(binnings) or not usable:
        return None
    with torch.no_grad():
        by_neuron = tuple(current.detach().T.contiguous() for current in currents)
        low, per_unit = _scales(equal_widths, by_neuron)
        return BinnedCurrents(by_neuron, low, per_unit, firing_prob.detach().T.contiguous(), num_bins)


def _scales(
    binnings: Sequence[EqualWidthBinning], currents: Sequence[Float[Tensor, "neurons batch"]]
) -> tuple[Float[Tensor, "sources neurons"], Float[Tensor, "sources neurons"]]:
    """Lowest edge and bins per unit, for each source and neuron."""
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


# Cached: creating tensors of a few numbers takes as long as a small layer.
@lru_cache(maxsize=64)
def _fixed_scales(binnings: tuple[FixedRange, ...], neurons: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    like = torch.empty((0, neurons), dtype=dtype)
    return _stacked([binning.scale(like) for binning in binnings], neurons)


def _stacked(scales: Sequence[tuple[Tensor, Tensor]], neurons: int) -> tuple[Tensor, Tensor]:
    low, per_unit = zip(*scales, strict=True)
    return torch.stack([x.expand(neurons) for x in low]), torch.stack([x.expand(neurons) for x in per_unit])
