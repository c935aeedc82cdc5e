"""Settings that every configuration has, whatever the task."""

from typing import Annotated, Literal

from pydantic import Field

from infomorphic.limits import LARGEST_SEED, MOST_EPOCHS, MOST_SAMPLES
from infomorphic.networks.settings import Settings, Whole

Epochs = Annotated[Whole, Field(ge=0, le=MOST_EPOCHS)]
"""Number of epochs; 0 for a run of the initial weights."""
Stride = Annotated[Whole, Field(ge=1, le=MOST_EPOCHS)]
BatchSize = Annotated[Whole, Field(ge=2, le=MOST_SAMPLES)]
"""Samples per batch; all samples if there are fewer."""


class DataSettings(Settings):
    """The data to learn from. Each task derives its own class."""


class TrainingSettings(Settings):
    """How long and how to train. Each task derives its own class with its published defaults."""

    epochs: Epochs = 100
    epochs_a_record: Stride = 1
    """Epochs between two records, each with evaluations and a checkpoint; the last epoch always has one."""
    seed: Annotated[Whole, Field(ge=0, le=LARGEST_SEED)] = 0
    device: Literal["cpu", "cuda", "mps"] = "cpu"
