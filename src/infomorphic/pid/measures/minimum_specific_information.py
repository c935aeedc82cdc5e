"""I_min: the least specific information that any of several sets of sources has about each value of the target.

I_α = Σ_t p(t) min_{a∈α} I(T = t : a),   I(T = t : a) = Σ_a p(a | t) log2 [ p(t | a) / p(t) ]
"""

from jaxtyping import Float

from infomorphic.pid._arrays import Array, namespace
from infomorphic.pid.joint import JointPmf, information_terms
from infomorphic.pid.lattice import RedundancyLattice
from infomorphic.pid.measure import Properties, RedundancyMeasure, minimum_over_members


class MinimumSpecificInformation(RedundancyMeasure):
    """The measure with which partial information decomposition began."""

    name = "min"
    title = "minimum specific information"
    source = "Williams and Beer 2010 (arXiv:1004.2515), eqs. 2 and 3"
    limits = "It compares amounts of information and not their content: of two independent bits that are copied, one bit is redundant."
    properties = Properties(
        self_redundancy=True,
        symmetry=True,
        monotonicity=True,
        local_positivity=True,
        identity=False,
        target_monotonicity=False,
        differentiable=True,
    )

    def redundancies(self, joint: JointPmf, lattice: RedundancyLattice) -> Float[Array, "*batch antichains"]:
        # Weighted by p(t), which all members share, so the least stays the least.
        specific = joint.sum_by_target(information_terms(joint.marginals))
        xp = namespace(specific)
        return xp.sum(minimum_over_members(xp.moveaxis(specific, -1, -2), lattice), axis=-2)
