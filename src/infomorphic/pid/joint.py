"""A joint pmf for measures of redundancy, with one interface for dense tables and for occupied cells."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from infomorphic.errors import MeasureError
from infomorphic.pid._arrays import Array, log2_where, namespace, ratio_log2
from infomorphic.pid.marginals import Marginals, dense_marginals, occupied_marginals


@dataclass(frozen=True, eq=False)
class JointPmf:
    """p(s1, …, sn, t) at K realizations: every cell of a dense table in C order, or only the occupied cells.

    Build one with `dense_joint` or `occupied_joint`. A measure that needs only marginals uses `marginals`, which works for
    both. A measure that needs a table calls `table`.
    """

    marginals: Marginals
    shape: tuple[int, ...]
    """The shape of values at every realization: the shape of the dense pmf (`*batch`, |S1|, …, |T|), or (K,)."""
    num_sources: int
    cells: Int[np.ndarray, "cells variables"] | None = None
    """The codes of the sources and, last, of the target for each occupied cell; None for a dense table."""

    @property
    def batch(self) -> tuple[int, ...]:
        """The batch axes; none for occupied cells."""
        return self.shape[: -self.num_sources - 1] if self.cells is None else ()

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The number of values of each variable that occur, |S1|, …, |Sn|, |T|."""
        if self.cells is None:
            return self.shape[len(self.batch) :]
        return tuple(len(np.unique(column)) for column in self.cells.T)

    @cached_property
    def codes(self) -> Int[np.ndarray, "cells variables"]:
        """The codes of the sources and, last, of the target at each realization, without gaps."""
        if self.cells is None:
            return np.indices(self.sizes).reshape(len(self.sizes), -1).T
        return np.stack([np.unique(column, return_inverse=True)[1] for column in self.cells.T], axis=1)

    def table(self, most_cells: int = 2**22) -> Float[Array, "*shape"]:
        """The dense pmf, shape (*batch, |S1|, …, |Sn|, |T|). For occupied cells, it has no entries for values that never occur.

        Raises:
            MeasureError: if the table would have more than `most_cells` cells.
        """
        if self.cells is None:
            xp = namespace(self.marginals.realization)
            return xp.reshape(self.marginals.realization, self.shape)
        if math.prod(self.sizes) > most_cells:
            raise MeasureError(
                f"this measure needs a table of all combinations of values, which must have at most {most_cells} cells; "
                f"got {math.prod(self.sizes)} ({' × '.join(map(str, self.sizes))}). "
                'Use fewer bins, or a measure that works on occupied cells, such as measure="sx".'
            )
        table = np.zeros(self.sizes, dtype=self.marginals.realization.dtype)
        table[tuple(self.codes.T)] = self.marginals.realization
        return table

    def sum_by_target(self, values: Float[Array, "*rows cells"]) -> Float[Array, "*rows targets"]:
        """Sum values over the realizations of each value of the target."""
        xp = namespace(values)
        if self.cells is None:
            return xp.sum(xp.reshape(values, (*values.shape[:-1], -1, self.sizes[-1])), axis=-2)
        target = self.codes[:, -1]
        rows = np.reshape(values, (-1, values.shape[-1]))
        sums = np.stack([np.bincount(target, weights=row, minlength=self.sizes[-1]) for row in rows])
        return sums.reshape(*values.shape[:-1], self.sizes[-1]).astype(values.dtype, copy=False)


def dense_joint(pmf: Float[Array, "..."], num_sources: int) -> JointPmf:
    """The joint pmf of a dense table of shape (*batch, |S1|, …, |Sn|, |T|)."""
    return JointPmf(dense_marginals(pmf, num_sources), tuple(pmf.shape), num_sources)


def occupied_joint(cells: Int[np.ndarray, "cells variables"], mass: Float[np.ndarray, " cells"]) -> JointPmf:
    """The joint pmf of occupied cells: the codes of the sources and, last, of the target, and the probability of each cell."""
    return JointPmf(occupied_marginals(cells, mass), (len(cells),), cells.shape[1] - 1, cells)


def target_entropy(marginals: Marginals) -> Float[Array, "*batch"]:
    """H(T) = −Σ p(s, t) log2 p(t)."""
    xp = namespace(marginals.realization)
    return -xp.sum(marginals.realization * log2_where(marginals.target > 0, marginals.target, xp), axis=-1)


def information_terms(marginals: Marginals) -> Float[Array, "*batch subsets cells"]:
    """p(s, t) log2 [ p(t | s_S) / p(t) ] at every realization, for every set S of sources. Set S stands at index S − 1."""
    xp = namespace(marginals.realization)
    target = marginals.target[..., None, :]
    gain = ratio_log2(marginals.joint > 0, marginals.joint, marginals.source, xp) - log2_where(target > 0, target, xp)
    return marginals.realization[..., None, :] * gain


def mutual_informations(marginals: Marginals) -> Float[Array, "*batch subsets"]:
    """I(T : S) in bits for every set S of sources. Set S stands at index S − 1."""
    return namespace(marginals.realization).sum(information_terms(marginals), axis=-1)
