"""The result of a decomposition."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from jaxtyping import Float

from infomorphic.errors import InvalidPmfError, NotPointwiseError
from infomorphic.pid._arrays import Array
from infomorphic.pid.antichains import Antichain, parse_label, source_names
from infomorphic.pid.frame import frame_of
from infomorphic.pid.html import AtomRow, html_of
from infomorphic.pid.joint import JointPmf
from infomorphic.pid.labeled_values import LabeledValues
from infomorphic.pid.lattice import RedundancyLattice, redundancy_lattice, subset_labels
from infomorphic.pid.measure import Part, RedundancyMeasure
from infomorphic.pid.mobius import mobius_inversion
from infomorphic.pid.names import Names, names_of
from infomorphic.pid.pointwise import Pointwise, measure_of_part
from infomorphic.pid.provenance import Estimate
from infomorphic.pid.words import format_bits, sentence, total_sentence

if TYPE_CHECKING:
    import pandas as pd

_MOST_SHOWN = 4
_MOST_ROWS = 18
"""Maximum number of atoms in the text and in the table of a notebook."""


@dataclass(frozen=True, eq=False, repr=False)
class Decomposition:
    """The partial information decomposition of I(T : S1, …, Sn) by one measure of redundancy. Everything is in bits.

    Values are arrays of the same kind as the pmf (NumPy or torch), of shape `*batch`; scalars for a single distribution.
    """

    atoms: LabeledValues
    """Π_α: the information of α that no antichain below it has."""
    redundancies: LabeledValues
    """I_α: the sum of the atoms at and below α."""
    mutual_information: LabeledValues
    """I(T : S) for every non-empty set S of sources, keyed `{1}`, `{12}`, …"""
    target_entropy: Float[Array, "*batch"]
    """H(T)"""
    residual_entropy: Float[Array, "*batch"]
    """H(T | S1, …, Sn)"""
    lattice: RedundancyLattice
    """The antichains, in the order of `atoms` and `redundancies`."""
    measure: RedundancyMeasure
    """The measure of redundancy, with its source, properties and limits."""
    names: Names
    """The names of sources and target. Labels may use names of sources that are single letters."""
    joint: JointPmf | None = None
    """The joint pmf that was decomposed; None for Gaussian variables."""
    estimate: Estimate | None = None
    """Where the pmf came from, if it came from samples."""

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
    def informative(self) -> LabeledValues:
        """Π⁺_α, the informative part of the atoms. For shared exclusions and the pointwise minimum it is not negative.

        Raises:
            NotPointwiseError: if the measure has no such part.
        """
        return self._part(Part.INFORMATIVE)

    @cached_property
    def misinformative(self) -> LabeledValues:
        """Π⁻_α, the misinformative part of the atoms. For shared exclusions and the pointwise minimum it is not negative.

        Raises:
            NotPointwiseError: if the measure has no such part.
        """
        return self._part(Part.MISINFORMATIVE)

    def describe(self, *, most: int | None = None, remarks: Mapping[str, str] | None = None) -> list[str]:
        """One sentence on the information of all sources, then one sentence per atom, in the order of `atoms`.

        Args:
            most: describe only this number of atoms, those of the largest magnitude.
            remarks: what to add in brackets to the sentence of an atom, by its label, for example the result of a test.

        Raises:
            InvalidPmfError: if this is a batch.
        """
        added = {parse_label(label, self.names.letters or source_names(self.num_sources)): text for label, text in (remarks or {}).items()}
        parts = self._parts()
        described = [
            sentence(
                row.antichain,
                self.names,
                row.bits,
                None if parts is None else (float(parts[0][row.label]), float(parts[1][row.label])),
                added.get(row.antichain, ""),
            )
            for row in self._rows("describe", most)
        ]
        return [self._total(), *described]

    def to_frame(self) -> pd.DataFrame:
        """A data frame with one row per atom, in bits.

        Its columns are `antichain`, `names` (the antichain with the names of the sources), `meaning` in words, `bits`, the parts `informative` and
        `misinformative` if the measure defines them, and `redundancy`. For a batch there is a row for each atom of each distribution, and the
        first columns, `batch_0`, `batch_1`, …, are its indices.
        """
        parts = self._parts()
        values = {"bits": self.atoms.array}
        if parts is not None:
            values |= {"informative": parts[0].array, "misinformative": parts[1].array}
        return frame_of(self.lattice, self.names, values | {"redundancy": self.redundancies.array})

    def plot(self, ax: Any = None, *, kind: Literal["diagram", "lattice", "bars"] | None = None) -> Any:
        """Draw the decomposition of a single distribution on a matplotlib axis, by default that of a new figure.

        See `infomorphic.plots.plot_decomposition`. For the figure of `infomorphic pid --plot`, call `infomorphic.plots.save_decomposition`.

        Args:
            ax: the axis to draw on.
            kind: the information diagram (1 to 3 sources), the redundancy lattice (up to 4) or bars; by default the diagram for two and three
                sources, the lattice for four, and bars otherwise.

        Returns:
            The axis.
        """
        # By name: drawing builds on decompositions, and a decomposition needs nothing of it, not even matplotlib.
        return importlib.import_module("infomorphic.plots").plot_decomposition(self, ax, kind=kind)

    def __repr__(self) -> str:
        quantity = f"{self.names.information(range(self.num_sources))} by {self.measure.name}"
        if self._batch:
            return f"Decomposition({quantity}, batch {self._batch})"
        rows = self._rows("repr", _MOST_SHOWN)
        atoms = ", ".join(f"{row.label} {format_bits(row.bits)}" for row in rows) + (", …" if len(rows) < len(self.atoms) else "")
        return f"Decomposition({quantity}: {format_bits(self._information)} bits = {atoms})"

    def _repr_html_(self) -> str:
        if self._batch:
            return f"<pre>{escape(repr(self))}</pre>"
        return html_of(self.names, self._rows("HTML", _MOST_ROWS), len(self.atoms), self._total())

    @property
    def _batch(self) -> tuple[int, ...]:
        return tuple(self.atoms.array.shape[:-1])

    @property
    def _information(self) -> float:
        """I(T : S1, …, Sn)"""
        return float(self.mutual_information.array[..., -1])

    def _total(self) -> str:
        # The entropy of Gaussian variables is differential: information is no fraction of it.
        return total_sentence(self.names, self._information, None if self.joint is None else float(self.target_entropy))

    def _rows(self, what: str, most: int | None = None) -> list[AtomRow]:
        """The atoms in order or, if there are more than `most`, the largest of them in order."""
        if self._batch:
            raise InvalidPmfError(
                f"`{what}` needs a single distribution; got a batch of shape {self._batch}. Decompose one of them, or use `to_frame()`."
            )
        rows = [AtomRow(a, label, float(self.atoms[label])) for a, label in zip(self.lattice.antichains, self.atoms, strict=True)]
        if most is None or len(rows) <= most:
            return rows
        return sorted(sorted(rows, key=lambda row: -abs(row.bits))[:most], key=rows.index)

    def _parts(self) -> tuple[LabeledValues, LabeledValues] | None:
        """The informative and misinformative parts; None if the measure has none."""
        try:
            return self.informative, self.misinformative
        except NotPointwiseError:
            return None

    def _part(self, part: Part) -> LabeledValues:
        pointwise = self._pointwise(part)
        redundancies = pointwise.measure.redundancies(pointwise.joint, self.lattice, part)
        atoms = mobius_inversion(redundancies, self.lattice.mobius)
        return LabeledValues(_positions(self.num_sources), self.num_sources, atoms, self.names.letters)

    def _pointwise(self, part: Part) -> Pointwise:
        measure = measure_of_part(self.measure, part)
        if self.joint is None:
            raise NotPointwiseError("a decomposition without a joint pmf has no pointwise values. Use `decompose` or `decompose_samples`.")
        return Pointwise(measure, self.joint, self.names.letters)


def from_redundancies(
    redundancies: Float[Array, "*batch antichains"],
    entropy: Float[Array, "*batch"],
    measure: RedundancyMeasure,
    num_sources: int,
    *,
    informations: Float[Array, "*batch subsets"] | None = None,
    joint: JointPmf | None = None,
    estimate: Estimate | None = None,
    names: Names | None = None,
) -> Decomposition:
    """Build a decomposition from redundancies and the entropy of the target.

    `informations` are the mutual informations of all sets of sources (set S at index S − 1). By default they are the
    redundancies of the antichains of one set: they are equal by self-redundancy.
    """
    lattice = redundancy_lattice(num_sources)
    names = names or names_of(None, num_sources)
    letters = names.letters
    columns = _subset_positions(num_sources) if informations is None else _subset_masks(num_sources)
    found = redundancies if informations is None else informations
    mutual_information = LabeledValues(columns, num_sources, found, letters)
    return Decomposition(
        atoms=LabeledValues(_positions(num_sources), num_sources, mobius_inversion(redundancies, lattice.mobius), letters),
        redundancies=LabeledValues(_positions(num_sources), num_sources, redundancies, letters),
        mutual_information=mutual_information,
        target_entropy=entropy,
        residual_entropy=entropy - found[..., -1],
        lattice=lattice,
        measure=measure,
        names=names,
        joint=joint,
        estimate=estimate,
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
