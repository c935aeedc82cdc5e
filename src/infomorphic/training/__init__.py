"""Training: configurations, run directories, and the loop."""

from infomorphic.training.config import TrainConfig
from infomorphic.training.evaluation import Evaluation, evaluate
from infomorphic.training.run import Run
from infomorphic.training.trainer import Progress, Summary, fit, resume

__all__ = ["Evaluation", "Progress", "Run", "Summary", "TrainConfig", "evaluate", "fit", "resume"]
