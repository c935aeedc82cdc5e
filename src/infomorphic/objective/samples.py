"""Checked samples for the closed forms, in the memory layout that these need."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Integer
from torch import Tensor

from infomorphic.errors import ObjectiveInputError
from infomorphic.quoting import quoted

MAX_SOURCES = 4
# Tables have up to eight cells per sample before the cells are renumbered, and are then multiplied by the bins of another source. With
# this bound, cell numbers stay below 2^63 for any batch that fits into memory.
_MOST_BINS = 2**24
_WORKED_WITH = (torch.uint8, torch.int16, torch.int32, torch.int64)


class Samples(NamedTuple):
    """One batch in neuron-major layout: the samples of a neuron are contiguous in memory."""

    bin_index: Integer[Tensor, "sources neurons batch"]
    firing_prob: Float[Tensor, "neurons batch"]
    num_bins: tuple[int, ...]


class BinnedCurrents(NamedTuple):
    """Like `Samples`, but with currents instead of bins, in the dtype of θ. The bin is ⌊(current − low) · per_unit⌋, clipped to 0 … num_bins − 1."""

    currents: tuple[Float[Tensor, "neurons batch"], ...]
    low: Float[Tensor, "sources neurons"]
    per_unit: Float[Tensor, "sources neurons"]
    firing_prob: Float[Tensor, "neurons batch"]
    num_bins: tuple[int, ...]


def check_samples(
    bin_index: Integer[Tensor, "sources batch neurons"], firing_prob: Float[Tensor, "batch neurons"], num_bins: int | Sequence[int]
) -> Samples:
    """The samples in neuron-major layout. Nothing is copied if the tensors are transposes of this layout.

    The kernels check the values of bins and probabilities when they read them.

    Raises:
        ObjectiveInputError: if shapes, dtypes or devices do not match.
    """
    if not isinstance(bin_index, Tensor) or not isinstance(firing_prob, Tensor):
        got = f"{type(bin_index).__name__} and {type(firing_prob).__name__}"
        raise ObjectiveInputError(f"`bin_index` and `firing_prob` must be torch tensors; got {got}. Wrap arrays in torch.as_tensor.")
    if bin_index.ndim != 3 or firing_prob.ndim != 2 or bin_index.shape[1:] != firing_prob.shape:
        raise ObjectiveInputError(
            "`bin_index` must have the shape (sources, batch, neurons) and `firing_prob` the shape (batch, neurons); "
            f"got {tuple(bin_index.shape)} and {tuple(firing_prob.shape)}. Unsqueeze the last axis of both for a single neuron."
        )
    if bin_index.is_floating_point() or bin_index.is_complex() or bin_index.dtype == torch.bool:
        raise ObjectiveInputError(f"`bin_index` must hold integers; got {bin_index.dtype}. Discretize the currents first.")
    if firing_prob.dtype not in (torch.float32, torch.float64):
        raise ObjectiveInputError(f"`firing_prob` must be float32 or float64; got {firing_prob.dtype}. Convert it with .float().")
    if bin_index.device != firing_prob.device:
        raise ObjectiveInputError(f"`bin_index` must be on the device of `firing_prob`, {firing_prob.device}; got {bin_index.device}.")
    sources, batch, _ = bin_index.shape
    if not 1 <= sources <= MAX_SOURCES:
        raise ObjectiveInputError(f"`bin_index` must have 1 to {MAX_SOURCES} sources along its first axis; got {sources}.")
    if batch == 0:
        raise ObjectiveInputError("`bin_index` must have at least one sample; got an empty batch.")
    bins = (num_bins,) * sources if isinstance(num_bins, int) else tuple(int(m) for m in num_bins)
    if len(bins) != sources or min(bins) < 1:
        raise ObjectiveInputError(
            f"`num_bins` must be one positive number, or one for each of the {sources} sources; got {quoted(num_bins)}."
        )
    if max(bins) > _MOST_BINS:
        raise ObjectiveInputError(f"`num_bins` must be at most {_MOST_BINS}; got {quoted(max(bins))}. Number the occupied bins.")
    if bin_index.dtype not in _WORKED_WITH:
        bin_index = bin_index.long()
    return Samples(bin_index.detach().transpose(1, 2).contiguous(), firing_prob.detach().transpose(0, 1).contiguous(), bins)


def as_currents(samples: Samples) -> BinnedCurrents:
    """Samples with the numbers of their bins as currents: the kernel reads only currents, because code for integers would be compiled too.

    Raises:
        ObjectiveInputError: if a bin is out of range.
    """
    for bins, several in zip(samples.bin_index, samples.num_bins, strict=True):
        if bins.numel() and not 0 <= int(bins.min()) <= int(bins.max()) < several:
            raise bad_bins(samples.num_bins)
    # Exact: `_MOST_BINS` is the number of consecutive integers in float32.
    currents = tuple(samples.bin_index.to(samples.firing_prob.dtype).unbind())
    low = samples.firing_prob.new_zeros(len(currents), len(samples.firing_prob))
    return BinnedCurrents(currents, low, low + 1, samples.firing_prob, samples.num_bins)


def bad_bins(num_bins: tuple[int, ...]) -> ObjectiveInputError:
    """The error for a bin outside its range."""
    ranges = ", ".join(f"0 to {m - 1}" for m in (num_bins[:1] if len(set(num_bins)) == 1 else num_bins))
    return ObjectiveInputError(
        f"`bin_index` must lie in the range {ranges}; a sample does not (or its current is NaN). Clamp it, or pass the right `num_bins`."
    )


def bad_probability() -> ObjectiveInputError:
    """The error for a θ that is not a probability."""
    return ObjectiveInputError("`firing_prob` must be between 0 and 1; got a value outside, or NaN. Check the currents for overflow.")
