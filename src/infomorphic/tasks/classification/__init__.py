"""Classification of labeled images: data, an epoch, evaluation, and the published networks."""

from infomorphic.tasks.classification.evaluation import Evaluation, evaluate, evaluate_run

__all__ = ["Evaluation", "evaluate", "evaluate_run"]
