"""Goals of a neuron: weights of the atoms of its sources and of the residual entropy, written, read and published."""

from infomorphic.goals.atoms import AtomMapping, default_sources
from infomorphic.goals.goal import RESIDUAL_ENTROPY, AtomDescription, Goal
from infomorphic.goals.published import PublishedGoal, published_goals

__all__ = ["RESIDUAL_ENTROPY", "AtomDescription", "AtomMapping", "Goal", "PublishedGoal", "default_sources", "published_goals"]
