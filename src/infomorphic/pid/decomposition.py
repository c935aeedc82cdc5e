"""The result of a decomposition."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from jaxtyping import Float

from infomorphic.errors import NotPointwiseError
from infomorphic.pid._arrays import Array
from infomorphic.pid.antichains import Antichain, parse_label, source_names
from infomorphic.pid.joint import JointPmf
from infomorphic.pid.labelled_values import LabelledValues
from infomorphic.pid.lattice import RedundancyLattice, redundancy_lattice, subset_labels
from infomorphic.pid.measure import Part, RedundancyMeasure
from infomorphic.pid.mobius import mobius_inversion
from infomorphic.pid.pointwise import Pointwise, measure_of_part
from infomorphic.pid.provenance import Estimate


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The partial information decomposition of I(T : S1, …, Sn) by one measure of redundancy. Everything is in bits.

    Values are arrays of the same kind as the pmf (NumPy or torch), of shape `*batch`; scalars for a single distribution.
    """

    atoms: LabelledValues
    """Π_α: the information of α that no antichain below it has."""
    redundancies: LabelledValues
    """I_α: the sum of the atoms at and below α."""
    mutual_information: LabelledValues
    """I(T : S) for every non-empty set S of sources, keyed `{1}`, `{12}`, …"""
    target_entropy: Float[Array, "*batch"]
    """H(T)"""
    residual_entropy: Float[Array, "*batch"]
    """H(T | S1, …, Sn)"""
    lattice: RedundancyLattice
    """The antichains, in the order of `atoms` and `redundancies`."""
    measure: RedundancyMeasure
    """The measure of redundancy, with its source, properties and limits."""
    joint: JointPmf | None = None
    """The joint pmf that was decomposed; None for Gaussian variables."""
    estimate: Estimate | None = None
    """Where the pmf came from, if it came from samples."""
    letters: str | None = None
    """One-letter names of the sources, which labels may use."""

    @property
    def num_sources(self) -> int:
        """The number of sources."""
        return self.lattice.num_sources

    @property
    def pointwise(self) -> Pointwise:
        """The decomposition of each realization.

        Raises:
            NotPointwiseError: if the measure is defined as an average only.
        """
        return self._pointwise(Part.NET)

    @cached_property
    def informative(self) -> LabelledValues:
        """Π⁺_α, the informative part of the atoms. For shared exclusions and the pointwise minimum it is not negative.

        Raises:
            NotPointwiseError: if the measure has no such part.
        """
        return self._part(Part.INFORMATIVE)

    @cached_property
    def misinformative(self) -> LabelledValues:
        """Π⁻_α, the misinformative part of the atoms. For shared exclusions and the pointwise minimum it is not negative.

        Raises:
            NotPointwiseError: if the measure has no such part.
        """
        return self._part(Part.MISINFORMATIVE)

    def _part(self, part: Part) -> LabelledValues:
        pointwise = self._pointwise(part)
        redundancies = pointwise.measure.redundancies(pointwise.joint, self.lattice, part)
        atoms = mobius_inversion(redundancies, self.lattice.mobius)
        return LabelledValues(_positions(self.num_sources), self.num_sources, atoms, self.letters)

    def _pointwise(self, part: Part) -> Pointwise:
        measure = measure_of_part(self.measure, part)
        if self.joint is None:
            raise NotPointwiseError("a decomposition without a joint pmf has no pointwise values. Use `decompose` or `decompose_samples`.")
        return Pointwise(measure, self.joint, self.letters)


def from_redundancies(
    redundancies: Float[Array, "*batch antichains"],
    entropy: Float[Array, "*batch"],
    measure: RedundancyMeasure,
    num_sources: int,
    *,
    informations: Float[Array, "*batch subsets"] | None = None,
    joint: JointPmf | None = None,
    estimate: Estimate | None = None,
    letters: str | None = None,
) -> Decomposition:
    """Build a decomposition from redundancies and the entropy of the target.

    `informations` are the mutual informations of all sets of sources (set S at index S − 1). By default they are the
    redundancies of the antichains of one set: they are equal by self-redundancy.
    """
    lattice = redundancy_lattice(num_sources)
    columns = _subset_positions(num_sources) if informations is None else _subset_masks(num_sources)
    found = redundancies if informations is None else informations
    mutual_information = LabelledValues(columns, num_sources, found, letters)
    return Decomposition(
        atoms=LabelledValues(_positions(num_sources), num_sources, mobius_inversion(redundancies, lattice.mobius), letters),
        redundancies=LabelledValues(_positions(num_sources), num_sources, redundancies, letters),
        mutual_information=mutual_information,
        target_entropy=entropy,
        residual_entropy=entropy - found[..., -1],
        lattice=lattice,
        measure=measure,
        joint=joint,
        estimate=estimate,
        letters=letters,
    )


@lru_cache
def _positions(num_sources: int) -> dict[Antichain, int]:
    return {antichain: i for i, antichain in enumerate(redundancy_lattice(num_sources).antichains)}


@lru_cache
def _subset_masks(num_sources: int) -> dict[Antichain, int]:
    """The antichains that consist of one set, smaller sets first, with the index S − 1 of each set."""
    return {parse_label(label, source_names(num_sources)): mask - 1 for label, mask in subset_labels(num_sources).items()}


@lru_cache
def _subset_positions(num_sources: int) -> dict[Antichain, int]:
    """The antichains that consist of one set, smaller sets first, with the position of each in the lattice."""
    lattice = redundancy_lattice(num_sources)
    return {antichain: lattice.position(antichain) for antichain in _subset_masks(num_sources)}
