"""Goals of a neuron, as weights of its atoms and of the residual entropy: reading, writing, published and saved goals."""

from infomorphic.goals.atoms import AtomMapping, default_sources
from infomorphic.goals.goal import RESIDUAL_ENTROPY, Goal
from infomorphic.goals.meaning import GoalTerm
from infomorphic.goals.published import PublishedGoal, published_goals

__all__ = ["RESIDUAL_ENTROPY", "AtomMapping", "Goal", "GoalTerm", "PublishedGoal", "default_sources", "published_goals"]
