"""From currents to bins. The bins are stored or, on the CPU, computed inside the kernel without being stored."""

from collections.abc import Sequence
from functools import lru_cache

import torch
from jaxtyping import Float, Int
from torch import Tensor

from infomorphic.estimation.binning import Binning, EqualWidthBinning
from infomorphic.objective.samples import BinnedCurrents


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
    alike = all(current.shape == firing_prob.shape and current.dtype == firing_prob.dtype for current in currents)
    usable = alike and firing_prob.dtype in (torch.float32, torch.float64) and firing_prob.numel() > 0
    equal_widths = tuple(binning for binning in binnings if isinstance(binning, EqualWidthBinning))
    if len(equal_widths) < len(binnings) or not usable:
        return None
    with torch.no_grad():
        by_neuron = tuple(current.detach().T.contiguous() for current in currents)
        low, per_unit = _scales(equal_widths, by_neuron)
        return BinnedCurrents(by_neuron, low, per_unit, firing_prob.detach().T.contiguous(), num_bins)


def _scales(
    binnings: tuple[EqualWidthBinning, ...], currents: Sequence[Float[Tensor, "neurons batch"]]
) -> tuple[Float[Tensor, "sources neurons"], Float[Tensor, "sources neurons"]]:
    """Lowest edge and bins per unit, for each source and neuron."""
    if all(binning.is_fixed for binning in binnings):
        return _fixed_scales(binnings, len(currents[0]), currents[0].dtype)
    return _written(binnings, currents)


# Cached: creating tensors of a few numbers takes as long as a small layer.
@lru_cache(maxsize=64)
def _fixed_scales(binnings: tuple[EqualWidthBinning, ...], neurons: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    return _written(binnings, [torch.empty((neurons, 0), dtype=dtype)] * len(binnings))


def _written(binnings: Sequence[EqualWidthBinning], currents: Sequence[Float[Tensor, "neurons batch"]]) -> tuple[Tensor, Tensor]:
    low, per_unit = currents[0].new_empty(2, len(currents), len(currents[0]))
    for i, (binning, current) in enumerate(zip(binnings, currents, strict=True)):
        binning.write_scale(current, low[i], per_unit[i])
    return low, per_unit
