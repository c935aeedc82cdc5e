"""Partial information decomposition: batched, from pmfs and from samples, by shared exclusions or another measure of redundancy."""

from infomorphic.pid.comparison import MeasureLeftOutWarning, compare_measures
from infomorphic.pid.decomposition import Decomposition
from infomorphic.pid.discretization import Categories, Edges, EqualMass, EqualWidth
from infomorphic.pid.from_pmf import decompose
from infomorphic.pid.gaussian import decompose_gaussian, decompose_gaussian_samples
from infomorphic.pid.invariants import ShannonInvariants, shannon_invariants, shannon_invariants_of_samples
from infomorphic.pid.joint import JointPmf
from infomorphic.pid.labeled_values import LabeledValues
from infomorphic.pid.lattice import RedundancyLattice, redundancy_lattice
from infomorphic.pid.measure import Part, PointwiseMeasure, Properties, RedundancyMeasure
from infomorphic.pid.measures import builtin_measures
from infomorphic.pid.names import Names
from infomorphic.pid.observations import Observations, discretize_samples
from infomorphic.pid.pointwise import Pointwise, PointwiseValues
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
    "LabeledValues",
    "MeasureLeftOutWarning",
    "Names",
    "Observations",
    "Part",
    "Pointwise",
    "PointwiseMeasure",
    "PointwiseValues",
    "Properties",
    "RedundancyLattice",
    "RedundancyMeasure",
    "ShannonInvariants",
    "UndersampledWarning",
    "builtin_measures",
    "compare_measures",
    "decompose",
    "decompose_gaussian",
    "decompose_gaussian_samples",
    "decompose_outcomes",
    "decompose_samples",
    "discretize_samples",
    "redundancy_lattice",
    "shannon_invariants",
    "shannon_invariants_of_samples",
]
