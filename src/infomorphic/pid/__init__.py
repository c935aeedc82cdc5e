"""Partial information decomposition: batched, from pmfs and from samples, by shared exclusions or another measure of redundancy."""

from infomorphic.pid.decomposition import Decomposition, decompose
from infomorphic.pid.discretization import Categories, Edges, EqualMass, EqualWidth
from infomorphic.pid.joint import JointPmf
from infomorphic.pid.lattice import RedundancyLattice, redundancy_lattice
from infomorphic.pid.measure import Part, PointwiseMeasure, Properties, RedundancyMeasure
from infomorphic.pid.measures import builtin_measures
from infomorphic.pid.provenance import Estimate
from infomorphic.pid.samples import UndersampledWarning, decompose_outcomes, decompose_samples

__all__ = [
    "Categories",
    "Decomposition",
    "Edges",
    "EqualMass",
    "EqualWidth",
    "Estimate",
    "JointPmf",
    "Part",
    "PointwiseMeasure",
    "Properties",
    "RedundancyLattice",
    "RedundancyMeasure",
    "UndersampledWarning",
    "builtin_measures",
    "decompose",
    "decompose_outcomes",
    "decompose_samples",
    "redundancy_lattice",
]
