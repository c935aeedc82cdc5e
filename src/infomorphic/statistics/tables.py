"""Atoms and mutual informations of many resampled tables at once."""

import math
from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from jaxtyping import Float, Int

from infomorphic.errors import InvalidSamplesError
from infomorphic.pid import Decomposition, Observations, RedundancyMeasure
from infomorphic.pid.discretization import are_whole
from infomorphic.pid.from_pmf import decompose_joint
from infomorphic.pid.joint import dense_joint, occupied_joint
from infomorphic.pid.lattice import redundancy_lattice, subset_labels
from infomorphic.pid.observations import occupied_cells
from infomorphic.statistics.rows import Rows

# A batch of dense tables has at most this many marginal probabilities: 8 MiB, so that temporaries stay in the cache.
_MOST_NUMBERS = 2**20
# A dense table with more cells than this and than the occupied cells can fill is slower than a list of occupied cells.
_MOST_DENSE_CELLS = 4096
# Weights that are counts are written out as rows.
_MOST_ROWS = 50_000_000


class ResampledTables:
    """Decomposes observations whose rows were rearranged, many at a time.

    Values are one vector per table: the atoms in the order of the lattice, then the mutual informations.

    Attributes:
        given: for each row, the number of the given row that it came from. A row whose weight is a count of k stands k times.
    """

    def __init__(self, observations: Observations, measure: RedundancyMeasure):
        self.measure = measure
        self.num_sources = observations.num_sources
        repeats = _repeats(observations)
        columns = [np.unique(c, return_inverse=True) for c in observations.codes]
        # Only values that occur: an empty bin would enlarge every table.
        self.columns = [np.repeat(codes, repeats) for _, codes in columns]
        self.given = np.repeat(np.flatnonzero(observations.kept), repeats)
        self.num_given = len(observations.kept)
        self.sizes = tuple(len(values) for values, _ in columns)
        self.num_rows = len(self.given)
        cells = math.prod(self.sizes)
        self.dense = cells <= max(_MOST_DENSE_CELLS, 2 * min(self.num_rows, cells))
        self.dense &= cells * 2 ** (self.num_sources + 1) <= 16 * _MOST_NUMBERS
        self.joint = np.ravel_multi_index(self.columns, self.sizes) if self.dense else None

    def values(self, draws: Iterable[Rows], moved: int | None = None) -> Iterator[Float[np.ndarray, "some labels"]]:
        """The values of each rearrangement, in batches.

        Args:
            draws: row numbers, one array per table.
            moved: the variable whose rows they are; the other variables keep their rows. None: rows of all variables.
        """
        draws = iter(draws)
        if self.joint is None:
            for rows in draws:
                columns = [c[rows] if moved in (None, i) else c for i, c in enumerate(self.columns)]
                yield values_of(decompose_joint(occupied_joint(*occupied_cells(columns)), self.measure))[None]
            return
        size = math.prod(self.sizes)
        batch = max(1, _MOST_NUMBERS // (size * 2 ** (self.num_sources + 1)))
        fixed, codes = (None, self.joint) if moved is None else self._split(moved)
        while some := list(islice(draws, batch)):
            counts = np.empty((len(some), size))
            for row, rows in zip(counts, some, strict=True):
                row[:] = np.bincount(codes[rows] if fixed is None else fixed + codes[rows], minlength=size)
            pmf = counts / counts.sum(axis=1, keepdims=True)
            joint = dense_joint(pmf.reshape(len(some), *self.sizes), self.num_sources)
            yield values_of(decompose_joint(joint, self.measure))

    def _split(self, moved: int) -> tuple[Rows, Rows]:
        """The part of each row's cell number that the other variables make, and the part that variable `moved` makes."""
        assert self.joint is not None
        part = self.columns[moved] * math.prod(self.sizes[moved + 1 :])
        return self.joint - part, part


def labels_of(num_sources: int) -> list[str]:
    """The label of each value: `{1}{2}` for an atom, `I{12}` for a mutual information."""
    return [*redundancy_lattice(num_sources).labels(), *(f"I{label}" for label in subset_labels(num_sources))]


def values_of(d: Decomposition) -> Float[np.ndarray, "*batch labels"]:
    """The atoms in the order of the lattice, then the mutual informations."""
    return np.concatenate([d.atoms.array, d.mutual_information.array], axis=-1)


def _repeats(observations: Observations) -> Int[np.ndarray, " rows"] | int:
    """How many observations each row stands for."""
    if observations.weights is None:
        return 1
    if not are_whole(observations.weights):
        raise InvalidSamplesError("`weights` must be whole numbers, counts of observations, for tests, intervals and corrections.")
    if observations.weights.sum() > _MOST_ROWS:
        raise InvalidSamplesError(
            f"`weights` must sum to at most {_MOST_ROWS:,} observations for tests, intervals and corrections; "
            f"got {observations.weights.sum():,.0f}."
        )
    return observations.weights.astype(np.int64)
