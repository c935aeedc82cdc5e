"""Binning of currents: from real numbers to the bin indices that the plug-in pmf of a neuron is counted over.

A binning is a frozen record; calling it gives the indices. Binning has no gradient: the goal is differentiated through
the firing probability alone (arXiv:2412.02482, A.6). `SoftRange` is the exception.
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
"""Softer bins than these bounds would need a share of each sample in hundreds of bins; sharper ones cannot be told from sharp edges."""

_LARGEST_EDGE = 1e9
# Edges that are closer than this, or than this fraction of the largest, are the same number in single precision, or nearly so.
_RESOLUTION = 1e-6


@dataclass(frozen=True)
class Binning(ABC):
    """`num_bins` bins for each neuron's current."""

    num_bins: int = 20

    def __post_init__(self) -> None:
        if isinstance(self.num_bins, bool) or not isinstance(self.num_bins, Integral) or self.num_bins < 1:
            raise ConfigurationError(f"`num_bins` must be at least 1; got {quoted(self.num_bins)}.")
        if self.num_bins > MOST_BINS:
            raise ConfigurationError(f"`num_bins` must be at most {MOST_BINS}; got {quoted(self.num_bins)}.")

    @abstractmethod
    def __call__(self, current: Float[Tensor, "batch neurons"]) -> Int64[Tensor, "batch neurons"]:
        """Bin indices from 0 to num_bins − 1."""


@dataclass(frozen=True)
class EqualWidthBinning(Binning):
    """Bins of equal width over a range that may differ from neuron to neuron. What lies outside goes to the outermost bins."""

    @abstractmethod
    def range(self, current: Float[Tensor, "batch neurons"]) -> tuple[Float[Tensor, "#neurons"], Float[Tensor, "#neurons"]]:
        """Lowest and highest edge for each neuron, or for all of them."""

    def scale(self, current: Float[Tensor, "batch neurons"]) -> tuple[Float[Tensor, "#neurons"], Float[Tensor, "#neurons"]]:
        """(low, bins per unit): the index is ⌊(current − low) · bins per unit⌋, kept within the bins."""
        low, high = self.range(current)
        # A neuron whose current does not vary, or is silent, may have a range of width zero: everything goes to its first bin. So it
        # does where weight decay has left a range so narrow that bins per unit overflow; infinity times the zero of the lowest current
        # would be no bin at all.
        return low, (self.num_bins / (high - low)).nan_to_num_(nan=0.0, posinf=0.0, neginf=0.0)

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
                f"{self.num_bins} bins over ({self.low:g}, {self.high:g}) are narrower than single precision can tell apart. "
                "Choose fewer bins or a wider range."
            )

    @property
    def has_edge_at_zero(self) -> bool:
        """Whether small currents of either sign are in different bins: not so for an odd number of bins over a symmetric range."""
        place = -self.low * self.num_bins / (self.high - self.low)
        return 0 < round(place) < self.num_bins and math.isclose(place, round(place), abs_tol=1e-9)

    def range(self, current: Float[Tensor, "batch neurons"]) -> tuple[Float[Tensor, "#neurons"], Float[Tensor, "#neurons"]]:
        return current.new_full((1,), self.low), current.new_full((1,), self.high)

    def scale(self, current: Float[Tensor, "batch neurons"]) -> tuple[Float[Tensor, "#neurons"], Float[Tensor, "#neurons"]]:
        return _constant_scale(self, current.dtype, current.device)


@dataclass(frozen=True)
class SoftRange(FixedRange):
    """Bins of equal width over (low, high) among which each sample is shared out, as if its current had logistic noise.

        share of bin k = σ((e_{k+1} − X) / s) − σ((e_k − X) / s),      s = softness · bin width,  e the edges, outermost ones at infinity

    Tails of the noise beyond six s are added to the bin there. Shares change smoothly with the current and, unlike bins,
    have a gradient. Calling it gives the bin that `FixedRange` gives.
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
    def num_shares(self) -> int:
        """Among how many bins a sample is divided; bins beyond the range count as the outermost ones."""
        return 2 * self._reach + 1

    @property
    def _reach(self) -> int:
        return math.ceil(6 * self.softness) + 1

    def shares(
        self, current: Float[Tensor, "batch neurons"]
    ) -> tuple[Int64[Tensor, "batch neurons near"], Float[Tensor, "batch neurons near"]]:
        """Some bins near each sample, a bin perhaps several times, and the share of the sample in each; shares sum to one."""
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
        # Two passes that only read, instead of writing |current| first. `aminmax` is slower than both.
        largest = torch.maximum(current.amax(0), -current.amin(0))
        return -largest, largest


@dataclass(frozen=True)
class BatchRange(EqualWidthBinning):
    """Bins from the neuron's smallest to its largest current in the batch."""

    def range(self, current: Float[Tensor, "batch neurons"]) -> tuple[Float[Tensor, "#neurons"], Float[Tensor, "#neurons"]]:
        return current.amin(0), current.amax(0)


@dataclass(frozen=True)
class EqualMassBinning(Binning):
    """Bins that hold about equally many samples of the batch; equal currents share a bin."""

    def __call__(self, current: Float[Tensor, "batch neurons"]) -> Int64[Tensor, "batch neurons"]:
        by_neuron = current.detach().T.contiguous()
        ordered = by_neuron.sort(dim=1).values
        # The rank of a value is that of its first equal, so that ties stay together.
        rank = torch.searchsorted(ordered, by_neuron)
        return (rank * self.num_bins // by_neuron.shape[1]).T


@cache
def _constant_scale(binning: FixedRange, dtype: torch.dtype, device: torch.device) -> tuple[Tensor, Tensor]:
    """Low edge and bins per unit: made once, since making tensors of one number takes as long as a small layer does."""
    # What is kept must serve learning too, even if it is first asked for in inference mode.
    with torch.inference_mode(False):
        like = torch.empty((0, 1), dtype=dtype, device=device)
        return EqualWidthBinning.scale(binning, like)
