"""Trackers send the numbers of a training elsewhere, in addition to its run directory."""

from infomorphic.training.trackers.mlflow import MLflowTracker
from infomorphic.training.trackers.parsing import tracker
from infomorphic.training.trackers.protocol import Tracker, track
from infomorphic.training.trackers.tensorboard import TensorBoardTracker
from infomorphic.training.trackers.wandb import WandbTracker

__all__ = ["MLflowTracker", "TensorBoardTracker", "Tracker", "WandbTracker", "track", "tracker"]
