"""The redundancy lattice of 1 to 5 sources: order, Hasse diagram, Möbius inversion. Derived, never loaded.

A set of sources is a bit mask (source i is bit i). An antichain α is stored as its *up-set* U(α): the sets that contain
a member of α. Then α ⪯ β exactly if U(β) ⊆ U(α). The meet of two antichains has the union of their up-sets. To get an
element directly below α, add to U(α) one set that is maximal among those not in it. So the lattice is the free
distributive lattice, and everything in this module follows from it by bit arithmetic.

Source: Williams and Beer 2010 (arXiv:1004.2515); Gutknecht, Wibral and Makkeh 2021 (Proc. R. Soc. A 477, 20210110).
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np
from jaxtyping import Float64, Int64

from infomorphic.pid.antichains import Antichain, canonical, check_num_sources, format_antichain, parse_antichain, source_names


@dataclass(frozen=True, eq=False)
class RedundancyLattice:
    """The antichains of `num_sources` sources, from the redundancy of all single sources to the synergy of all of them.

    Build one with `redundancy_lattice(n)`, which caches it. Antichains are referred to by their position in
    `antichains`; positions ascend along the order, so each antichain comes after everything below it.
    """

    num_sources: int
    antichains: tuple[Antichain, ...]
    """Every antichain, sorted by the size of its up-set (largest first), then by its sets."""
    upsets: tuple[int, ...] = field(repr=False)
    """Bit mask over sets of sources: bit `s` is set if the set `s` (itself a mask) contains a member."""

    def __len__(self) -> int:
        return len(self.antichains)

    @cached_property
    def _position_of_upset(self) -> dict[int, int]:
        return {upset: i for i, upset in enumerate(self.upsets)}

    @cached_property
    def _position_of_antichain(self) -> dict[Antichain, int]:
        return {antichain: i for i, antichain in enumerate(self.antichains)}

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """For each antichain, the positions of the antichains directly below it: the edges of the Hasse diagram."""
        at = self._position_of_upset
        return tuple(tuple(sorted(at[u | 1 << s] for s in _maximal_outside(u, self.num_sources))) for u in self.upsets)

    @cached_property
    def mobius(self) -> "SparseMatrix":
        """The Möbius inversion Π = M I as a sparse matrix.

        In a distributive lattice the Möbius function between α and the meet of k of its children is (−1)^k; elsewhere it is
        zero. So a row has 2^(number of children) entries: Π_α = Σ_{A ⊆ children(α)} (−1)^|A| I_{⋀A}.

        Source: Stanley, Enumerative Combinatorics I, ex. 3.9.6; Makkeh, Gutknecht and Wibral 2021, eq. 9.
        """
        at = self._position_of_upset
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for row, upset in enumerate(self.upsets):
            meets = [(upset, 1.0)]
            for s in _maximal_outside(upset, self.num_sources):
                meets += [(u | 1 << s, -sign) for u, sign in meets]
            rows += [row] * len(meets)
            columns += [at[u] for u, _ in meets]
            values += [sign for _, sign in meets]
        return SparseMatrix(len(self), np.array(rows), np.array(columns), np.array(values))

    @cached_property
    def members(self) -> Int64[np.ndarray, "antichains most_members"]:
        """The sets of every antichain, each as its mask − 1. Shorter antichains are padded with their first set."""
        masks = [[sum(1 << i for i in members) - 1 for members in antichain] for antichain in self.antichains]
        most = max(map(len, masks))
        return np.array([m + m[:1] * (most - len(m)) for m in masks], dtype=np.int64)

    def down_set(self, antichain: Antichain) -> tuple[int, ...]:
        """The positions of all antichains β ⪯ α, including α: I_α is the sum of their atoms."""
        upset = self.upsets[self.position(antichain)]
        return tuple(i for i, u in enumerate(self.upsets) if u & upset == upset)

    def position(self, antichain: Antichain) -> int:
        """The index of `antichain` (in canonical form) in `antichains`."""
        return self._position_of_antichain[antichain]

    def labels(self, names: str | None = None) -> tuple[str, ...]:
        """The label of every antichain, `{1}{23}` or, with one-letter `names`, `{F}{CL}`."""
        names = names or source_names(self.num_sources)
        return tuple(format_antichain(antichain, names) for antichain in self.antichains)

    def parse(self, label: str, names: str | None = None) -> int:
        """The position of the antichain with this label. See `parse_antichain` for accepted labels and errors."""
        return self.position(parse_antichain(label, names or source_names(self.num_sources)))


@dataclass(frozen=True, eq=False)
class SparseMatrix:
    """A square matrix stored as its non-zero entries, usable with arrays of any library."""

    size: int
    rows: Int64[np.ndarray, " entries"]
    columns: Int64[np.ndarray, " entries"]
    values: Float64[np.ndarray, " entries"]

    @cached_property
    def dense(self) -> Float64[np.ndarray, "size size"]:
        """The dense matrix: 166² entries for four sources, 57 million for five."""
        matrix = np.zeros((self.size, self.size))
        matrix[self.rows, self.columns] = self.values
        return matrix


@lru_cache
def redundancy_lattice(num_sources: int) -> RedundancyLattice:
    """The redundancy lattice of `num_sources` sources: 1, 4, 18, 166 and 7579 antichains for 1 to 5.

    Raises:
        TooManySourcesError: if `num_sources` is not between 1 and 5.
    """
    check_num_sources(num_sources)
    top = 1 << (2**num_sources - 1)  # the up-set that has only the set of all sources
    found = {top}
    level = found
    while level:
        level = {u | 1 << s for u in level for s in _maximal_outside(u, num_sources)}
        found |= level
    antichains = {upset: _minimal_sets(upset, num_sources) for upset in found}
    ordered = sorted(found, key=lambda u: (-u.bit_count(), [(len(s), s) for s in antichains[u]]))
    return RedundancyLattice(num_sources, tuple(antichains[u] for u in ordered), tuple(ordered))


def subset_labels(num_sources: int, names: str | None = None) -> dict[str, int]:
    """Label and mask of every non-empty set of sources, smaller sets first: `{1}` → 1, `{2}` → 2, `{12}` → 3."""
    names = names or source_names(num_sources)
    sets = (s for size in range(1, num_sources + 1) for s in combinations(range(num_sources), size))
    return {format_antichain((s,), names): sum(1 << i for i in s) for s in sets}


@lru_cache
def _supersets(num_sources: int) -> tuple[int, ...]:
    """For each set, the mask over sets of its supersets with one more source."""
    sets = range(2**num_sources)
    return tuple(sum(1 << (s | 1 << i) for i in range(num_sources) if not s >> i & 1) for s in sets)


def _maximal_outside(upset: int, num_sources: int) -> list[int]:
    """The non-empty sets outside the up-set whose proper supersets are all inside."""
    above = _supersets(num_sources)
    return [s for s in range(1, 2**num_sources) if not upset >> s & 1 and upset & above[s] == above[s]]


def _minimal_sets(upset: int, num_sources: int) -> Antichain:
    """The antichain of an up-set: its minimal sets."""
    inside = [s for s in range(1, 2**num_sources) if upset >> s & 1]
    minimal = [s for s in inside if not any(upset >> (s ^ 1 << i) & 1 for i in range(num_sources) if s >> i & 1 and s != 1 << i)]
    return canonical([i for i in range(num_sources) if s >> i & 1] for s in minimal)
