"""Minimum mutual information: the redundancy of several sets of sources is the information of the least informative set.

I_α = min_{a∈α} I(T : a)
"""

from jaxtyping import Float

from infomorphic.pid._arrays import Array
from infomorphic.pid.joint import JointPmf, mutual_informations
from infomorphic.pid.lattice import RedundancyLattice
from infomorphic.pid.measure import Properties, RedundancyMeasure, minimum_over_members


class MinimumMutualInformation(RedundancyMeasure):
    """An upper bound of every measure that is monotone and satisfies self-redundancy."""

    name = "mmi"
    title = "minimum mutual information"
    source = "Bertschinger, Rauh, Olbrich and Jost 2013; Barrett 2015 (Phys. Rev. E 91, 052802) for Gaussian variables"
    limits = "It compares amounts of information and not their content: if the target is a copy of two independent bits, it finds one bit of redundancy."
    properties = Properties(
        self_redundancy=True,
        symmetry=True,
        monotonicity=True,
        local_positivity=True,
        identity=False,
        target_monotonicity=True,
        differentiable=True,
    )

    def redundancies(self, joint: JointPmf, lattice: RedundancyLattice) -> Float[Array, "*batch antichains"]:
        return minimum_over_members(mutual_informations(joint.marginals), lattice)
