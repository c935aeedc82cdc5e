"""Positions of the antichains in a Hasse diagram: one level per size of up-set, ordered to reduce crossing edges."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float64, Int64

from infomorphic.pid.lattice import RedundancyLattice, redundancy_lattice

_SWEEPS = 24


@lru_cache
def hasse_positions(num_sources: int) -> Float64[np.ndarray, "antichains 2"]:
    """The position (x, level) of every antichain: x in steps of 1 and centered on 0, the redundancy of all sources at level 0.

    The antichains of a level are ordered by the barycenter of their connections, alternately from below and from above. The order
    with the fewest crossings is kept.

    Source: Sugiyama, Tagawa and Toda 1981 (IEEE Trans. Syst. Man Cybern. 11, 109), the barycenter heuristic.
    """
    lattice = redundancy_lattice(num_sources)
    size = np.array([upset.bit_count() for upset in lattice.upsets])
    levels = [np.flatnonzero(size == s) for s in range(size.max(), 0, -1)]
    adjacent = np.zeros((len(lattice), len(lattice)))
    for lower, upper in hasse_edges(lattice):
        adjacent[lower, upper] = adjacent[upper, lower] = 1.0
    x = np.zeros(len(lattice))
    best, fewest = x.copy(), np.inf
    for level in levels:
        x[level] = _spread(len(level))
    for sweep in range(_SWEEPS):
        upwards = sweep % 2 == 0
        order = range(1, len(levels)) if upwards else range(len(levels) - 2, -1, -1)
        for k in order:
            fixed = levels[k - 1 if upwards else k + 1]
            links = adjacent[np.ix_(levels[k], fixed)]
            barycenter = links @ x[fixed] / links.sum(1)
            # A stable sort of the rounded barycenters, starting from the current order: ties must keep their order.
            present = np.argsort(x[levels[k]], kind="stable")
            ranked = present[np.argsort(barycenter[present].round(9), kind="stable")]
            x[levels[k][ranked]] = _spread(len(ranked))
        crossings = count_crossings(lattice, x)
        if crossings < fewest:
            best, fewest = x.copy(), crossings
    return np.stack([best, size.max() - size], axis=1)


def hasse_edges(lattice: RedundancyLattice) -> Int64[np.ndarray, "edges 2"]:
    """Each edge as the positions (below, above) of the antichains that it connects."""
    return np.array([(low, high) for high, below in enumerate(lattice.children) for low in below], dtype=np.int64).reshape(-1, 2)


def count_crossings(lattice: RedundancyLattice, x: Float64[np.ndarray, " antichains"]) -> int:
    """Number of pairs of edges that cross if each level is ordered by `x`."""
    low, high = hasse_edges(lattice).T
    level = np.array([upset.bit_count() for upset in lattice.upsets])[high]
    crossed = (level[:, None] == level) & (x[low][:, None] < x[low]) & (x[high][:, None] > x[high])
    return int(crossed.sum())


def _spread(count: int) -> Float64[np.ndarray, " count"]:
    return np.arange(count) - (count - 1) / 2
