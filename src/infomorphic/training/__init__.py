"""Training: configurations, run directories, and the loop."""

from infomorphic.training.config import TrainConfig
from infomorphic.training.preset import preset, presets
from infomorphic.training.run import Run
from infomorphic.training.task import Preset, Summary
from infomorphic.training.trainer import Progress, fit, follow, resume

__all__ = ["Preset", "Progress", "Run", "Summary", "TrainConfig", "fit", "follow", "preset", "presets", "resume"]
