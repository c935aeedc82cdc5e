"""Redundancy by shared exclusions: the information gained by learning that at least one of several statements is true.

    i_α(s, t) = log2 [ P(t | W_α(s)) / P(t) ],   W_α(s) = ∪_{a∈α} ∩_{j∈a} {S_j = s_j}
    i_α = i⁺_α − i⁻_α,   i⁺_α = −log2 P(W_α),   i⁻_α = −log2 P(W_α | t)

Each a ∈ α is the statement that its sources have the values s. The informative part i⁺ is the surprisal of W_α, the event
that one of the statements holds. The misinformative part i⁻ is its surprisal given the target.
"""

from functools import lru_cache

import numpy as np
from jaxtyping import Float, Int64

from infomorphic.pid._arrays import Array, constant, namespace
from infomorphic.pid.joint import JointPmf
from infomorphic.pid.lattice import RedundancyLattice, redundancy_lattice
from infomorphic.pid.marginals import Marginals
from infomorphic.pid.measure import Part, PointwiseMeasure, Properties, Rows, pointwise_information


class SharedExclusions(PointwiseMeasure):
    """Shared exclusions, the measure of infomorphic networks."""

    name = "sx"
    title = "shared exclusions"
    source = "Makkeh, Gutknecht and Wibral 2021 (Phys. Rev. E 103, 032149), eqs. 10–14"
    limits = "Atoms can be negative because a source may misinform; read them together with their informative and misinformative parts."
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
        coefficients = union_coefficients(lattice.num_sources)[rows]
        return pointwise_redundancies(joint.marginals, constant(coefficients, joint.marginals.realization), part)


def pointwise_redundancies(
    marginals: Marginals, coefficients: Float[Array, "antichains subsets"], part: Part
) -> Float[Array, "*batch antichains cells"]:
    """i_α at each realization, for the antichains with the given inclusion–exclusion coefficients."""
    xp = namespace(marginals.realization)
    joint = None if part is Part.INFORMATIVE else xp.matmul(coefficients, marginals.joint)
    source = None if part is Part.MISINFORMATIVE else xp.matmul(coefficients, marginals.source)
    return pointwise_information(joint, source, marginals.target, part)


@lru_cache
def union_coefficients(num_sources: int) -> Int64[np.ndarray, "antichains subsets"]:
    """Inclusion–exclusion: P(∪_{a∈α} ∩_{j∈a} {S_j = s_j}) = Σ_S a_{αS} P(∩_{j∈S} {S_j = s_j}).

    Rows follow `redundancy_lattice(num_sources).antichains`; column S−1 belongs to the set with mask S. a is the Möbius
    inverse, over subsets, of the indicator of the up-set U(α): a realization that agrees on exactly the sources in T lies
    in the union if and only if T ∈ U(α).
    """
    masks = np.arange(2**num_sources)
    upsets = redundancy_lattice(num_sources).upsets
    coefficients = np.array([[upset >> int(s) & 1 for s in masks] for upset in upsets], dtype=np.int64)
    for source in range(num_sources):
        has = masks[(masks >> source) & 1 == 1]
        coefficients[:, has] -= coefficients[:, has ^ 1 << source]
    return coefficients[:, 1:]
