"""The decomposition of each realization."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from infomorphic.errors import NotPointwiseError
from infomorphic.pid._arrays import Array, constant, namespace
from infomorphic.pid.antichains import parse_label, source_names
from infomorphic.pid.joint import JointPmf
from infomorphic.pid.lattice import RedundancyLattice, redundancy_lattice
from infomorphic.pid.marginals import Marginals
from infomorphic.pid.measure import Part, PointwiseMeasure, RedundancyMeasure, blocks
from infomorphic.pid.measures import builtin_measures


class PointwiseValues(Mapping[str, Array]):
    """Values by label of antichain at every realization, in bits, computed on access.

    A value has the shape of the pmf or, for samples, one entry per occupied cell. Where the pmf is zero, the entry is 0.
    """

    def __init__(self, pointwise: "Pointwise", part: Part, inverted: bool):
        self._pointwise = pointwise
        self._part = part
        self._inverted = inverted

    def __getitem__(self, label: str) -> Float[Array, "*shape"]:
        return self._pointwise.value(label, self._part, inverted=self._inverted)

    def __iter__(self) -> Iterator[str]:
        return iter(self._pointwise.lattice.labels())

    def __len__(self) -> int:
        return len(self._pointwise.lattice)


@dataclass(frozen=True, eq=False)
class Pointwise:
    """The decomposition of each realization: `atoms`, their `informative` and `misinformative` parts, and `redundancies`.

    The average of each over the pmf is the entry of the same name in the `Decomposition`.
    """

    measure: PointwiseMeasure
    joint: JointPmf
    letters: str | None = None

    @property
    def lattice(self) -> RedundancyLattice:
        """The lattice of the sources."""
        return redundancy_lattice(self.joint.num_sources)

    @property
    def marginals(self) -> Marginals:
        """The probabilities at every realization, along one axis."""
        return self.joint.marginals

    @property
    def support(self) -> Bool[Array, "*shape"]:
        """Where a realization has positive probability."""
        return namespace(self.marginals.realization).reshape(self.marginals.realization > 0, self.joint.shape)

    @property
    def atoms(self) -> PointwiseValues:
        """π_α(s, t), the pointwise atoms."""
        return PointwiseValues(self, Part.NET, inverted=True)

    @property
    def informative(self) -> PointwiseValues:
        """π⁺_α(s, t), the informative part of the pointwise atoms."""
        measure_of_part(self.measure, Part.INFORMATIVE)
        return PointwiseValues(self, Part.INFORMATIVE, inverted=True)

    @property
    def misinformative(self) -> PointwiseValues:
        """π⁻_α(s, t), the misinformative part of the pointwise atoms."""
        measure_of_part(self.measure, Part.MISINFORMATIVE)
        return PointwiseValues(self, Part.MISINFORMATIVE, inverted=True)

    @property
    def redundancies(self) -> PointwiseValues:
        """i_α(s, t), the pointwise redundancies."""
        return PointwiseValues(self, Part.NET, inverted=False)

    def value(self, label: str, part: Part, *, inverted: bool) -> Float[Array, "*shape"]:
        """One part of one pointwise atom (`inverted`) or redundancy at every realization."""
        like = self.marginals.realization
        xp = namespace(like)
        row = self.lattice.position(parse_label(label, self.letters or source_names(self.joint.num_sources)))
        columns, signs = np.array([row]), np.ones(1)
        if inverted:
            of_row = self.lattice.mobius.rows == row
            columns, signs = self.lattice.mobius.columns[of_row], self.lattice.mobius.values[of_row]
        # Sum in blocks: an atom of five sources may be a sum of a thousand redundancies, each with a value at every realization.
        values = sum(
            xp.matmul(constant(signs[None, some], like), self.measure.pointwise(self.joint, self.lattice, columns[some], part))[..., 0, :]
            for some in blocks(self.joint, len(columns))
        )
        return xp.reshape(xp.where(like > 0, values, xp.zeros_like(values)), self.joint.shape)


def measure_of_part(measure: RedundancyMeasure, part: Part) -> PointwiseMeasure:
    """The measure, if it has this part of a redundancy.

    Raises:
        NotPointwiseError: otherwise.
    """
    if not isinstance(measure, PointwiseMeasure) or part not in measure.parts:
        what = "pointwise values" if part is Part.NET else "informative and misinformative parts"
        pointwise = " or ".join(f'measure="{name}"' for name, m in builtin_measures().items() if isinstance(m, PointwiseMeasure))
        raise NotPointwiseError(f"measure {measure.name!r} ({measure.title}) has no {what}. Use {pointwise}.")
    return measure
