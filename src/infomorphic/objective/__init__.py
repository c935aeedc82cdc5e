"""The local goal of a neuron and its gradient with respect to the firing probability, from one batch of samples.

numba is imported and code is compiled when the first CPU tensor is evaluated.
"""

from infomorphic.objective.choice import Method
from infomorphic.objective.evaluator import descend
from infomorphic.objective.local_goal import Binnings, LocalGoal
from infomorphic.objective.of_bins import goal_with_gradient, information_terms, needs_compilation

__all__ = ["Binnings", "LocalGoal", "Method", "descend", "goal_with_gradient", "information_terms", "needs_compilation"]
