"""Binning of currents: real numbers to bin indices, over which the plug-in pmf of a neuron is counted.

A binning is a frozen record; calling it returns the indices. Binning has no gradient: the goal is differentiated only
through the firing probability (arXiv:2412.02482, A.6). `SoftRange` is the exception.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cache
from numbers import Integral

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.errors import ConfigurationError
from infomorphic.limits import MOST_BINS
from infomorphic.quoting import quoted

LEAST_SOFTNESS, MOST_SOFTNESS = 1e-9, 100.0
"""Bounds of the softness. Softer bins would divide each sample among hundreds of bins; sharper ones equal bins with sharp edges."""

_LARGEST_EDGE = 1e9
# Edges that are closer than this, or than this fraction of the largest edge, are (almost) the same number in single precision.
_RESOLUTION = 1e-6

# Up to this size, calling torch takes longer than the computation: in a step of 100 neurons the ranges of the ten readout neurons took 0.3 ms.
_FEW_NUMBERS = 2**15


@dataclass(frozen=True)
class Binning(ABC):
    """`num_bins` bins for the current of each neuron."""

    num_bins: int = 20

    def __post_init__(self) -> None:
        if isinstance(self.num_bins, bool) or not isinstance(self.num_bins, Integral) or self.num_bins < 1:
            raise ConfigurationError(f"`num_bins` must be at least 1; got {quoted(self.num_bins)}.")
        if self.num_bins > MOST_BINS:
            raise ConfigurationError(f"`num_bins` must be at most {MOST_BINS}; got {quoted(self.num_bins)}.")

    @abstractmethod
    def __call__(self, current: Float[Tensor, "batch neurons"]) -> Int64[Tensor, "batch neurons"]:
        """Bin indices from 0 to num_bins − 1."""

    @property
    def description(self) -> str:
        """The bins in words, for messages."""
        return f"{self.num_bins} bins"

    @property
    def is_soft(self) -> bool:
        """Whether samples are divided among bins, by shares that have a gradient."""
        return False

    @property
    def num_shares(self) -> int:
        """Number of bins among which a sample is divided."""
        return 1

    def shares(
        self, current: Float[Tensor, "batch neurons"]
    ) -> tuple[Int64[Tensor, "batch neurons near"], Float[Tensor, "batch neurons near"]]:
        """The bins of each sample and its share of each; shares sum to one. Without soft bins, one bin with a share of one."""
        bins = self(current)[..., None]
        return bins, torch.ones_like(bins, dtype=current.dtype)

    @property
    def is_fixed(self) -> bool:
        """Whether edges are the same for every batch, so that currents can lie outside the binned range."""
        return False

    @property
    def has_published_range(self) -> bool:
        """Whether currents are binned over the range of arXiv:2412.02482."""
        return False

    @property
    def has_edge_at_zero(self) -> bool:
        """Whether small positive and negative currents are distinguished. True if the bins adapt to the currents."""
        return True


@dataclass(frozen=True)
class EqualWidthBinning(Binning):
    """Bins of equal width over a range that may differ between neurons. Values outside the range go into the outermost bins."""

    @abstractmethod
    def range(self, current: Float[Tensor, "batch neurons"]) -> tuple[Float[Tensor, "#neurons"], Float[Tensor, "#neurons"]]:
        """Lowest and highest edge, one per neuron or one for all neurons."""

    def scale(self, current: Float[Tensor, "batch neurons"]) -> tuple[Float[Tensor, "#neurons"], Float[Tensor, "#neurons"]]:
        """(low, bins per unit): the index is ⌊(current − low) · bins per unit⌋, clipped to the bins."""
        low, high = self.range(current)
        # If the current of a neuron is constant, its range may have width zero: all samples go into the first bin. The same holds if
        # weight decay has made the range so narrow that bins per unit overflow: infinity times zero (the lowest current) is NaN.
        return low, (self.num_bins / (high - low)).nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)

    def write_scale(
        self, current: Float[Tensor, "neurons batch"], low: Float[Tensor, " neurons"], per_unit: Float[Tensor, " neurons"]
    ) -> None:
        """Write the lowest edge and the bins per unit of each neuron."""
        for row, values in zip((low, per_unit), self.scale(current.T), strict=True):
            row.copy_(values.expand(len(row)))

    def __call__(self, current: Float[Tensor, "batch neurons"]) -> Int64[Tensor, "batch neurons"]:
        low, per_unit = self.scale(current.detach())
        return ((current.detach() - low) * per_unit).clamp_(0, self.num_bins - 1).long()


@dataclass(frozen=True)
class FixedRange(EqualWidthBinning):
    """Bins of equal width over (low, high), the same for all neurons: the published choice for trivariate hidden neurons."""

    low: float = -20.0
    high: float = 20.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not -math.inf < self.low < self.high < math.inf:
            raise ConfigurationError(f"the range of bins must ascend and be finite; got ({self.low:g}, {self.high:g}).")
        if max(abs(self.low), abs(self.high)) > _LARGEST_EDGE:
            raise ConfigurationError(f"edges of bins must be within ±{_LARGEST_EDGE:g}; got ({self.low:g}, {self.high:g}).")
        if self.high - self.low < max(_RESOLUTION, self.num_bins * _RESOLUTION * max(abs(self.low), abs(self.high))):
            raise ConfigurationError(
                f"bins must be wide enough for single precision; got {self.num_bins} bins over ({self.low:g}, {self.high:g}). "
                "Choose fewer bins or a wider range."
            )

    @property
    def description(self) -> str:
        return f"{self.num_bins} bins over ({self.low:g}, {self.high:g})"

    @property
    def is_fixed(self) -> bool:
        return True

    @property
    def has_published_range(self) -> bool:
        return (self.low, self.high) == (FixedRange.low, FixedRange.high)

    @property
    def has_edge_at_zero(self) -> bool:
        """Whether small positive and negative currents are in different bins. False for an odd number of bins over a symmetric range."""
        place = -self.low * self.num_bins / (self.high - self.low)
        return 0 < round(place) < self.num_bins and math.isclose(place, round(place), abs_tol=1e-9)

    def range(self, current: Float[Tensor, "batch neurons"]) -> tuple[Float[Tensor, "#neurons"], Float[Tensor, "#neurons"]]:
        return current.new_full((1,), self.low), current.new_full((1,), self.high)

    def scale(self, current: Float[Tensor, "batch neurons"]) -> tuple[Float[Tensor, "#neurons"], Float[Tensor, "#neurons"]]:
        return _constant_scale(self, current.dtype, current.device)


@dataclass(frozen=True)
class SoftRange(FixedRange):
    """Bins of equal width over (low, high). Each sample is divided among bins as if its current had logistic noise.

        share of bin k = σ((e_{k+1} − X) / s) − σ((e_k − X) / s),      s = softness · bin width,  e the edges, outermost ones at infinity

    Tails of the noise beyond 6 s are added to the bin at 6 s. Unlike bin indices, shares change smoothly with the current and
    have a gradient. Calling a `SoftRange` returns the same bins as `FixedRange`.
    """

    softness: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.softness > 0:
            raise ConfigurationError(f"`softness` must be positive; got {self.softness:g}. Use FixedRange for bins with sharp edges.")
        if not LEAST_SOFTNESS <= self.softness <= MOST_SOFTNESS:
            raise ConfigurationError(
                f"`softness` must be from {LEAST_SOFTNESS:g} to {MOST_SOFTNESS:g}; got {self.softness:g}. "
                "Use FixedRange for bins with sharp edges."
            )

    @property
    def is_soft(self) -> bool:
        return True

    @property
    def has_edge_at_zero(self) -> bool:
        """True: soft bins have a gradient within a bin."""
        return True

    @property
    def num_shares(self) -> int:
        """Number of bins among which a sample is divided. Bins beyond the range count as the outermost bins."""
        return 2 * self._reach + 1

    @property
    def _reach(self) -> int:
        return math.ceil(6 * self.softness) + 1

    def shares(
        self, current: Float[Tensor, "batch neurons"]
    ) -> tuple[Int64[Tensor, "batch neurons near"], Float[Tensor, "batch neurons near"]]:
        """Bins near each sample and the share of the sample in each. A bin may occur several times; shares sum to one."""
        low, per_unit = self.scale(current.detach())
        place = ((current - low) * per_unit)[..., None]
        steps = torch.arange(-self._reach, self._reach + 1, dtype=current.dtype, device=current.device)
        bins = place.detach().floor() + steps
        below = torch.sigmoid((bins[..., 1:] - place) / self.softness)
        ends = below.new_zeros((*below.shape[:-1], 1))
        share = torch.cat([below, ends + 1], dim=-1) - torch.cat([ends, below], dim=-1)
        return bins.clamp(0, self.num_bins - 1).long(), share


@dataclass(frozen=True)
class LargestMagnitude(EqualWidthBinning):
    """Bins over [−m, m], with m the neuron's largest magnitude in the batch: the published choice for bivariate neurons."""

    def range(self, current: Float[Tensor, "batch neurons"]) -> tuple[Float[Tensor, "#neurons"], Float[Tensor, "#neurons"]]:
        # Two read-only passes instead of writing |current| first. `aminmax` is slower than both.
        largest = torch.maximum(current.amax(0), -current.amin(0))
        return -largest, largest

    def write_scale(
        self, current: Float[Tensor, "neurons batch"], low: Float[Tensor, " neurons"], per_unit: Float[Tensor, " neurons"]
    ) -> None:
        # A class derived from this one may have another range.
        own_range = type(self).range is not LargestMagnitude.range
        if own_range or current.numel() > _FEW_NUMBERS or current.device.type != "cpu":
            super().write_scale(current, low, per_unit)
            return
        from infomorphic.estimation.range_kernel import scale_by_largest_magnitude

        scale_by_largest_magnitude(current.numpy(), self.num_bins, low.numpy(), per_unit.numpy())


@dataclass(frozen=True)
class BatchRange(EqualWidthBinning):
    """Bins from the neuron's smallest to its largest current in the batch."""

    def range(self, current: Float[Tensor, "batch neurons"]) -> tuple[Float[Tensor, "#neurons"], Float[Tensor, "#neurons"]]:
        return current.amin(0), current.amax(0)


@dataclass(frozen=True)
class EqualMassBinning(Binning):
    """Bins that hold about the same number of samples of the batch. Equal currents share a bin."""

    def __call__(self, current: Float[Tensor, "batch neurons"]) -> Int64[Tensor, "batch neurons"]:
        by_neuron = current.detach().T.contiguous()
        ordered = by_neuron.sort(dim=1).values
        # Equal values get the rank of the first of them, so that ties share a bin.
        rank = torch.searchsorted(ordered, by_neuron)
        return (rank * self.num_bins // by_neuron.shape[1]).T


@cache
def _constant_scale(binning: FixedRange, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:
    """Low edge and bins per unit. Cached: creating these scalar tensors takes as long as a small layer."""
    # The cached tensors must also work in training, even if they are first created in inference mode.
    with torch.inference_mode(False):
        like = torch.empty((0, 1), dtype=dtype, device=device)
        return EqualWidthBinning.scale(binning, like)
