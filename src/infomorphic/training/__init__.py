"""Training: configurations, run directories, and the loop."""

from infomorphic.training.config import TrainConfig
from infomorphic.training.evaluation import Evaluation, evaluate, evaluate_run
from infomorphic.training.run import Run
from infomorphic.training.task import Summary
from infomorphic.training.trainer import Progress, fit, resume

__all__ = ["Evaluation", "Progress", "Run", "Summary", "TrainConfig", "evaluate", "evaluate_run", "fit", "resume"]
