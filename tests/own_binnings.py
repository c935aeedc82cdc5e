"""Binnings as a user would write them, outside of the package."""

from dataclasses import dataclass

import torch

from infomorphic.estimation import Binning, SoftRange
from infomorphic.estimation.binning import EqualWidthBinning


@dataclass(frozen=True)
class OwnFixed(EqualWidthBinning):
    """Bins over (−6, 6)."""

    @property
    def is_fixed(self):
        return True

    @property
    def has_edge_at_zero(self):
        return self.num_bins % 2 == 0

    def range(self, current):
        return current.new_full((1,), -6.0), current.new_full((1,), 6.0)


@dataclass(frozen=True)
class OwnSoft(Binning):
    """Soft bins over (−6, 6), by the shares of `SoftRange`."""

    @property
    def is_soft(self):
        return True

    @property
    def num_shares(self):
        return self._inner.num_shares

    @property
    def _inner(self):
        return SoftRange(self.num_bins, -6, 6, softness=0.4)

    def __call__(self, current: torch.Tensor) -> torch.Tensor:
        return self._inner(current)

    def shares(self, current):
        return self._inner.shares(current)
