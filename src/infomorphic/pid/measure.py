"""What a measure of redundancy is: the contract that `decompose(…, measure=…)` asks for.

A measure says how much information any collection of sets of sources has redundantly about the target. Everything else,
the lattice, the Möbius inversion and the results, is the same for all. To add one, write a class that derives from
`RedundancyMeasure` or, if it is defined at every realization, from `PointwiseMeasure`, and pass an instance.
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

# Temporaries of (antichains in a block) × cells × batch stay near this many numbers: 4 MiB, the size of a cache.
_BLOCK_NUMBERS = 2**19


Rows = slice | np.ndarray
"""Some of the antichains of a lattice: a slice, or an array of positions."""


class Part(Enum):
    """Which part of the redundancy: the whole of it, or its informative or misinformative part."""

    NET = "net"
    INFORMATIVE = "informative"
    MISINFORMATIVE = "misinformative"


@dataclass(frozen=True)
class Properties:
    """Which axioms a measure satisfies, for any joint pmf of as many sources as it takes."""

    self_redundancy: bool
    """I_{a} = I(T : a): a set of sources is redundant with itself in all its information."""
    symmetry: bool
    """The order of the sources does not matter."""
    monotonicity: bool
    """Redundancy does not rise when a set is added to an antichain."""
    local_positivity: bool
    """No atom is negative."""
    identity: bool
    """Of T = (S1, S2), I(S1 : S2) is redundant (Harder, Salge and Polani 2013)."""
    target_monotonicity: bool
    """Redundancy about a function of the target is at most that about the target."""
    differentiable: bool
    """Differentiable in the pmf almost everywhere, by torch's autograd."""
    max_sources: int = MAX_SOURCES
    """The largest number of sources that the measure takes."""


class RedundancyMeasure(ABC):
    """A measure of redundancy on the lattice of antichains."""

    name: ClassVar[str]
    """A short name, by which `measure=` finds a built-in one."""
    title: ClassVar[str]
    """The name in words."""
    source: ClassVar[str]
    """Who defined it, and where."""
    limits: ClassVar[str]
    """One sentence: where not to rely on it."""
    properties: ClassVar[Properties]
    package: ClassVar[str | None] = None
    """An optional package that it needs."""

    @abstractmethod
    def redundancies(self, joint: JointPmf, lattice: RedundancyLattice) -> Float[Array, "*batch antichains"]:
        """I_α in bits for every antichain, in the order of `lattice.antichains`.

        Args:
            joint: the joint pmf, checked; NumPy or torch. Its marginals suffice for most measures.
            lattice: the lattice of `joint.num_sources` sources.
        """


class PointwiseMeasure(RedundancyMeasure):
    """A measure that is defined at every realization; the redundancy is the average over the pmf."""

    parts: ClassVar[frozenset[Part]] = frozenset(Part)
    """The parts that are defined. A measure without informative and misinformative parts has `{Part.NET}` only."""

    @abstractmethod
    def pointwise(self, joint: JointPmf, lattice: RedundancyLattice, rows: Rows, part: Part) -> Float[Array, "*batch rows cells"]:
        """i_α in bits at every realization, for the antichains `lattice.antichains[rows]`.

        Where a realization has probability zero the value has no weight, but it must be finite: it is the derivative.
        """

    def redundancies(self, joint: JointPmf, lattice: RedundancyLattice, part: Part = Part.NET) -> Float[Array, "*batch antichains"]:
        """I_α = Σ p(s, t) i_α(s, t) for every antichain of the lattice."""
        xp = namespace(joint.marginals.realisation)
        weights = joint.marginals.realisation[..., :, None]
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

    Where W has probability zero together with t, so has the realization, and the value has no weight. It is then
    what its limit is when the realization alone gains probability: P(t | W) = 1 if W had none either.

    Args:
        joint: P(W, t) at every realization; the informative part does not need it.
        source: P(W) at every realization; the misinformative part does not need it.
        target: P(t) at every realization.
        part: the whole of it, or one of its parts.
    """
    xp = namespace(target)
    target = target[..., None, :]
    if joint is None or part is Part.INFORMATIVE:
        assert source is not None
        return -log2_where(source > 0, source, xp)
    if source is None or part is Part.MISINFORMATIVE:
        return -ratio_log2(joint > 0, joint, xp.broadcast_to(target, joint.shape), xp)
    # The mask is the event's own, not p > 0: where p = 0 but W has mass, ∂(p i)/∂p = i is not zero.
    return ratio_log2(joint > 0, joint, source, xp) - log2_where(target > 0, target, xp)


def minimum_over_members(values: Float[Array, "*rows subsets"], lattice: RedundancyLattice) -> Float[Array, "*rows antichains"]:
    """For every antichain the smallest of the values of its members. The value of set S stands at index S − 1."""
    xp = namespace(values)
    first, *others = lattice.members.T
    least = values[..., first]
    for member in others:
        least = xp.minimum(least, values[..., member])
    return least


def blocks(joint: JointPmf, num_antichains: int) -> Iterator[slice]:
    """Blocks of antichains whose temporaries, a number at every realization each, stay small."""
    size = max(1, _BLOCK_NUMBERS // max(1, math.prod(joint.marginals.realisation.shape)))
    for start in range(0, num_antichains, size):
        yield slice(start, start + size)
