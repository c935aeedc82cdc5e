"""Trackers by text, for the command line: `tensorboard:FOLDER`, `mlflow:URI`, `wandb:PROJECT`."""

from collections.abc import Callable

from infomorphic.errors import TrackerError, did_you_mean
from infomorphic.passwords import hide_passwords
from infomorphic.quoting import quoted
from infomorphic.training.trackers.mlflow import MLflowTracker
from infomorphic.training.trackers.protocol import Tracker
from infomorphic.training.trackers.tensorboard import TensorBoardTracker
from infomorphic.training.trackers.wandb import WandbTracker

_KINDS: dict[str, Callable[[str], Tracker]] = {"tensorboard": TensorBoardTracker, "mlflow": MLflowTracker, "wandb": WandbTracker}


def tracker(text: str) -> Tracker:
    """Make the tracker that `kind:where` describes. The part after the first colon is a folder, a URI (which may contain colons) or a project.

    Raises:
        TrackerError: if the kind is unknown, or nothing follows the colon.
    """
    kind, _, where = text.partition(":")
    if kind not in _KINDS:
        raise TrackerError(
            f"a tracker must be one of tensorboard:FOLDER, mlflow:URI, wandb:PROJECT; got {quoted(hide_passwords(text))}.{did_you_mean(kind, _KINDS)}"
        )
    if not where:
        raise TrackerError(f"a tracker must say where to write, as in {kind}:runs; got {quoted(text)}.")
    return _KINDS[kind](where)
