"""Pointwise partial information decomposition: minimum specificity minus minimum ambiguity at every realization.

i_α(s, t) = i⁺_α − i⁻_α,   i⁺_α = min_{a∈α} −log2 p(s_a),   i⁻_α = min_{a∈α} −log2 p(s_a | t)
"""

from jaxtyping import Float

from infomorphic.pid._arrays import Array, namespace
from infomorphic.pid.joint import JointPmf
from infomorphic.pid.lattice import RedundancyLattice
from infomorphic.pid.measure import Part, PointwiseMeasure, Properties, Rows, pointwise_information


class PointwiseMinimum(PointwiseMeasure):
    """The minimum surprisal of the members, separately for specificity (informative) and ambiguity (misinformative)."""

    name = "pm"
    title = "pointwise minimum of specificity and ambiguity"
    source = "Finn and Lizier 2018 (Entropy 20, 297)"
    limits = "Atoms can be negative, and the member that sets the specificity need not be the one that sets the ambiguity."
    properties = Properties(
        self_redundancy=True,
        symmetry=True,
        monotonicity=False,
        local_positivity=False,
        identity=False,
        target_monotonicity=False,
        differentiable=True,
    )

    def pointwise(self, joint: JointPmf, lattice: RedundancyLattice, rows: Rows, part: Part) -> Float[Array, "*batch rows cells"]:
        marginals = joint.marginals
        # The least surprising member is the most probable one.
        with_target = None if part is Part.INFORMATIVE else _largest_of_members(marginals.joint, lattice, rows)
        source = None if part is Part.MISINFORMATIVE else _largest_of_members(marginals.source, lattice, rows)
        return pointwise_information(with_target, source, marginals.target, part)


def _largest_of_members(
    probability: Float[Array, "*batch subsets cells"], lattice: RedundancyLattice, rows: Rows
) -> Float[Array, "*batch rows cells"]:
    xp = namespace(probability)
    first, *others = lattice.members[rows].T
    largest = probability[..., first, :]
    for member in others:
        largest = xp.maximum(largest, probability[..., member, :])
    return largest
