"""Partial information decomposition by shared exclusions: exact, batched, differentiable; from pmfs and from samples."""

from infomorphic.pid.decomposition import Decomposition, Estimate, decompose
from infomorphic.pid.discretization import Categories, Edges, EqualMass, EqualWidth
from infomorphic.pid.lattice import RedundancyLattice, redundancy_lattice
from infomorphic.pid.samples import UndersampledWarning, decompose_outcomes, decompose_samples

__all__ = [
    "Categories",
    "Decomposition",
    "Edges",
    "EqualMass",
    "EqualWidth",
    "Estimate",
    "RedundancyLattice",
    "UndersampledWarning",
    "decompose",
    "decompose_outcomes",
    "decompose_samples",
    "redundancy_lattice",
]
