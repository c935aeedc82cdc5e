"""The contract of a measure of redundancy, for `decompose(…, measure=…)`.

A measure defines how much information a collection of sets of sources provides redundantly about the target. The lattice,
the Möbius inversion and the results are the same for all measures. To add one, derive a class from `RedundancyMeasure`, or
from `PointwiseMeasure` if it is defined at every realization, and pass an instance.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from infomorphic.pid._arrays import Array, log2_where, namespace, ratio_log2
from infomorphic.pid.antichains import MAX_SOURCES
from infomorphic.pid.joint import JointPmf
from infomorphic.pid.lattice import RedundancyLattice

# Target size of temporaries, (antichains in a block) × cells × batch, in numbers: 4 MiB, the size of a cache.
_BLOCK_NUMBERS = 2**19


Rows = slice | np.ndarray
"""Some of the antichains of a lattice: a slice, or an array of positions."""


class Part(Enum):
    """Part of a redundancy: the net value, or its informative or misinformative part."""

    NET = "net"
    INFORMATIVE = "informative"
    MISINFORMATIVE = "misinformative"


@dataclass(frozen=True)
class Properties:
    """The axioms that a measure satisfies for every joint pmf with a supported number of sources."""

    self_redundancy: bool
    """I_{a} = I(T : a): the redundancy of a single set of sources is its mutual information."""
    symmetry: bool
    """The order of the sources does not matter."""
    monotonicity: bool
    """Adding a set to an antichain does not increase redundancy."""
    local_positivity: bool
    """No atom is negative."""
    identity: bool
    """For T = (S1, S2), the redundancy is I(S1 : S2) (Harder, Salge and Polani 2013)."""
    target_monotonicity: bool
    """Redundancy about a function of the target is at most the redundancy about the target."""
    differentiable: bool
    """Differentiable with respect to the pmf almost everywhere, by torch's autograd."""
    max_sources: int = MAX_SOURCES
    """The largest number of sources that the measure supports."""


class RedundancyMeasure(ABC):
    """A measure of redundancy on the lattice of antichains."""

    name: ClassVar[str]
    """A short name; built-in measures are selected by it, as in `measure="sx"`."""
    title: ClassVar[str]
    """The full name."""
    source: ClassVar[str]
    """Who defined it, and where."""
    limits: ClassVar[str]
    """One sentence on when not to rely on it."""
    properties: ClassVar[Properties]
    packages: ClassVar[tuple[str, ...]] = ()
    """Optional packages that the measure needs, by the names under which they are imported."""

    @abstractmethod
    def redundancies(self, joint: JointPmf, lattice: RedundancyLattice) -> Float[Array, "*batch antichains"]:
        """I_α in bits for every antichain, in the order of `lattice.antichains`.

        Args:
            joint: the joint pmf, checked; NumPy or torch. Its marginals suffice for most measures.
            lattice: the lattice of `joint.num_sources` sources.
        """


class PointwiseMeasure(RedundancyMeasure):
    """A measure that is defined at every realization. The redundancy is its average over the pmf."""

    parts: ClassVar[frozenset[Part]] = frozenset(Part)
    """The defined parts: `{Part.NET}` for a measure without informative and misinformative parts."""

    @abstractmethod
    def pointwise(self, joint: JointPmf, lattice: RedundancyLattice, rows: Rows, part: Part) -> Float[Array, "*batch rows cells"]:
        """i_α in bits at every realization, for the antichains `lattice.antichains[rows]`.

        At a realization of probability zero the value has no weight, but it must be finite because it is the derivative.
        """

    def redundancies(self, joint: JointPmf, lattice: RedundancyLattice, part: Part = Part.NET) -> Float[Array, "*batch antichains"]:
        """I_α = Σ p(s, t) i_α(s, t) for every antichain of the lattice."""
        xp = namespace(joint.marginals.realization)
        weights = joint.marginals.realization[..., :, None]
        # A realization of probability zero has no weight, but its derivative is i_α: it stays in the sum.
        parts = [xp.matmul(self.pointwise(joint, lattice, rows, part), weights)[..., 0] for rows in blocks(joint, len(lattice))]
        return parts[0] if len(parts) == 1 else xp.concat(parts, axis=-1)


def pointwise_information(
    joint: Float[Array, "*batch antichains cells"] | None,
    source: Float[Array, "*batch antichains cells"] | None,
    target: Float[Array, "*batch cells"],
    part: Part,
) -> Float[Array, "*batch antichains cells"]:
    """A part of log2 [ P(W, t) / (P(W) P(t)) ], the pointwise information of an event W about t, in bits.

    The informative part is −log2 P(W), the misinformative part −log2 P(W | t).

    Where P(W, t) is zero, the realization has probability zero and the value has no weight. It is then the limit as this
    realization alone gains probability: P(t | W) = 1 if P(W) is zero too.

    Args:
        joint: P(W, t) at every realization; the informative part does not need it.
        source: P(W) at every realization; the misinformative part does not need it.
        target: P(t) at every realization.
        part: the net value, or one of its parts.
    """
    xp = namespace(target)
    target = target[..., None, :]
    if joint is None or part is Part.INFORMATIVE:
        assert source is not None
        return -log2_where(source > 0, source, xp)
    if source is None or part is Part.MISINFORMATIVE:
        return -ratio_log2(joint > 0, joint, xp.broadcast_to(target, joint.shape), xp)
    # Mask by P(W, t) > 0, not by p > 0: where p = 0 but W has mass, ∂(p i)/∂p = i is not zero.
    return ratio_log2(joint > 0, joint, source, xp) - log2_where(target > 0, target, xp)


def minimum_over_members(values: Float[Array, "*rows subsets"], lattice: RedundancyLattice) -> Float[Array, "*rows antichains"]:
    """For every antichain, the smallest value of its members. The value of set S has index S − 1."""
    xp = namespace(values)
    first, *others = lattice.members.T
    least = values[..., first]
    for member in others:
        least = xp.minimum(least, values[..., member])
    return least


def blocks(joint: JointPmf, num_antichains: int) -> Iterator[slice]:
    """Blocks of antichains, small enough that temporaries with one number per realization and antichain fit into the cache."""
    size = max(1, _BLOCK_NUMBERS // max(1, math.prod(joint.marginals.realization.shape)))
    for start in range(0, num_antichains, size):
        yield slice(start, start + size)
