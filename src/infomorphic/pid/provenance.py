"""Where the pmf of a decomposition came from: how samples were discretized and counted."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int


@dataclass(frozen=True)
class Binning:
    """How one variable became a code: `method` in words and, for a continuous variable, the `edges` of its bins."""

    name: str
    method: str
    num_values: int
    edges: tuple[float, ...] | None = None
    num_clipped: int = 0
    """How many observations lay outside a fixed range and were counted in the outermost bins."""

    def __str__(self) -> str:
        clipped = f", {self.num_clipped} observations outside the range counted in the outermost bins" if self.num_clipped else ""
        return f"{self.name}: {self.method}, {self.num_values} values{clipped}"


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a decomposition of samples was estimated from."""

    observations: int
    cells: Int[np.ndarray, "cells variables"]
    """The codes of the sources and, last, of the target, of each occupied cell; pointwise values follow this order."""
    values: tuple[np.ndarray, ...]
    """For each variable, what each code stands for: a value or, for a binned variable, the centre of the bin."""
    binning: tuple[Binning, ...]
    num_dropped: int
    miller_madow_bias: float
    """First-order estimate of how much the plug-in mutual information of all sources is too large, in bits."""

    @property
    def observations_per_cell(self) -> float:
        """Mean number of observations in an occupied cell of sources and target."""
        return self.observations / len(self.cells)
