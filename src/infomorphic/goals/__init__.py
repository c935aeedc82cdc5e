"""Goals of a neuron, as weights of its atoms and of the residual entropy: reading, writing, describing; published, contributed and saved goals."""

from infomorphic.goals.atoms import AtomMapping, default_sources
from infomorphic.goals.gallery import GalleryGoal, MeasuredResult, PublishedResult, gallery_goals, quantities
from infomorphic.goals.goal import RESIDUAL_ENTROPY, Goal
from infomorphic.goals.meaning import GoalTerm
from infomorphic.goals.published import PublishedGoal, published_goals

__all__ = [
    "RESIDUAL_ENTROPY",
    "AtomMapping",
    "GalleryGoal",
    "Goal",
    "GoalTerm",
    "MeasuredResult",
    "PublishedGoal",
    "PublishedResult",
    "default_sources",
    "gallery_goals",
    "published_goals",
    "quantities",
]
