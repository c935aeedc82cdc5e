"""Corrections of the sampling bias of plug-in estimates."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from jaxtyping import Float

from infomorphic.pid import Observations
from infomorphic.pid.lattice import subset_labels
from infomorphic.pid.observations import miller_madow_bias
from infomorphic.statistics.rows import Rows
from infomorphic.statistics.tables import ResampledTables

Correction = Literal["none", "shuffle", "quadratic", "miller-madow"]
CORRECTIONS: tuple[Correction, ...] = ("none", "shuffle", "quadratic", "miller-madow")

# The rows are cut into halves and quarters this many times, which keeps the noise of the cuts below that of the sample.
_CUTS = 20


def quadratic(tables: ResampledTables, observed: Float[np.ndarray, " labels"], rng: np.random.Generator) -> Float[np.ndarray, " labels"]:
    """Extrapolation to infinitely many observations, from all, halves and quarters of them.

    The expected value with N observations is taken as V(N) = V + a/N + b/N². With the means over halves and quarters,
    V = (8 V(N) − 6 V(N/2) + V(N/4)) / 3.

    Source: Strong et al. 1998 (Phys. Rev. Lett. 80, 197); Panzeri et al. 2007 (J. Neurophysiol. 98, 1064).
    """
    if tables.num_rows < 4:
        return np.full_like(observed, np.nan)

    def parts(number: int) -> Iterator[Rows]:
        for _ in range(_CUTS):
            yield from np.array_split(rng.permutation(tables.num_rows), number)

    half, quarter = (np.concatenate(list(tables.values(parts(number)))).mean(axis=0) for number in (2, 4))
    return (8 * observed - 6 * half + quarter) / 3


def miller_madow(observations: Observations, observed: Float[np.ndarray, " labels"]) -> Float[np.ndarray, " labels"]:
    """The first-order correction of the mutual informations (see `miller_madow_bias`); the atoms have none (NaN)."""
    cells, _ = observations.occupied
    masks = subset_labels(observations.num_sources).values()
    biases = [
        miller_madow_bias(cells, observations.num_observations, [i for i in range(observations.num_sources) if mask >> i & 1])
        for mask in masks
    ]
    corrected = np.full_like(observed, np.nan)
    corrected[-len(biases) :] = observed[-len(biases) :] - biases
    return corrected
