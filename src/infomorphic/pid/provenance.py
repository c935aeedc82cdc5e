"""The origin of a decomposition's pmf: how samples were discretized and counted."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int


@dataclass(frozen=True)
class Binning:
    """How one variable was discretized: `method` in words and, for a continuous variable, the `edges` of its bins."""

    name: str
    method: str
    num_values: int
    edges: tuple[float, ...] | None = None
    num_clipped: int = 0
    """Number of observations outside a fixed range, which went into the outermost bins."""

    def __str__(self) -> str:
        clipped = f", {self.num_clipped} observations outside the range counted in the outermost bins" if self.num_clipped else ""
        return f"{self.name}: {self.method}, {self.num_values} values{clipped}"


@dataclass(frozen=True, eq=False)
class Estimate:
    """The data from which a decomposition of samples was estimated."""

    observations: int
    cells: Int[np.ndarray, "cells variables"]
    """The codes of the sources and, last, of the target for each occupied cell. Pointwise values have the same order."""
    values: tuple[np.ndarray, ...]
    """For each variable, the value of each code; for a binned variable, the center of the bin."""
    binning: tuple[Binning, ...]
    num_dropped: int
    miller_madow_bias: float
    """First-order estimate of the upward bias of the plug-in mutual information of all sources, in bits."""

    @property
    def observations_per_cell(self) -> float:
        """Mean number of observations per occupied cell of sources and target."""
        return self.observations / len(self.cells)
