"""I_min: for each value of the target, the smallest specific information of the sets of sources, then averaged.

I_α = Σ_t p(t) min_{a∈α} I(T = t : a),   I(T = t : a) = Σ_a p(a | t) log2 [ p(t | a) / p(t) ]
"""

from jaxtyping import Float

from infomorphic.pid._arrays import Array, namespace
from infomorphic.pid.joint import JointPmf, information_terms
from infomorphic.pid.lattice import RedundancyLattice
from infomorphic.pid.measure import Properties, RedundancyMeasure, minimum_over_members


class MinimumSpecificInformation(RedundancyMeasure):
    """The original measure of partial information decomposition."""

    name = "min"
    title = "minimum specific information"
    source = "Williams and Beer 2010 (arXiv:1004.2515), eqs. 2 and 3"
    limits = "It compares amounts of information and not their content: if the target is a copy of two independent bits, it finds one bit of redundancy."
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
        # The terms are weighted by p(t). All members share this weight, so the minimum is the same.
        specific = joint.sum_by_target(information_terms(joint.marginals))
        xp = namespace(specific)
        return xp.sum(minimum_over_members(xp.moveaxis(specific, -1, -2), lattice), axis=-2)
