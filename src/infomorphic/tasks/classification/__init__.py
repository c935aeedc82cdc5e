"""Classification of labeled images: data, an epoch, evaluation, and the published networks."""

from infomorphic.tasks.classification.evaluation import evaluate_run

__all__ = ["evaluate_run"]
