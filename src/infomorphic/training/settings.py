"""Settings that every configuration has, whatever the task."""

from typing import Annotated, Literal

from pydantic import Field

from infomorphic.limits import LARGEST_SEED, MOST_EPOCHS, MOST_SAMPLES
from infomorphic.networks.about import About
from infomorphic.networks.settings import Settings, Whole

Epochs = Annotated[Whole, Field(ge=0, le=MOST_EPOCHS), About(unit="epochs")]
"""Number of epochs; 0 for a run of the initial weights."""
Stride = Annotated[Whole, Field(ge=1, le=MOST_EPOCHS), About(unit="epochs")]
BatchSize = Annotated[Whole, Field(ge=2, le=MOST_SAMPLES), About(unit="samples")]
"""Samples per batch; all samples if there are fewer."""


class DataSettings(Settings):
    """The data to learn from. Each task derives its own class."""


class TrainingSettings(Settings):
    """How long and how to train. Each task derives its own class with its published defaults."""

    epochs: Epochs = 100
    """Passes over the training data; 0 for a run of the initial weights."""
    epochs_a_record: Stride = 1
    """Epochs between two records, each with evaluations and a checkpoint; the last epoch has one, and 1, 2, 5, 10, 20, … before the first."""
    seed: Annotated[Whole, Field(ge=0, le=LARGEST_SEED)] = 0
    """Seed of every random number; the same seed gives the same run."""
    device: Literal["cpu", "cuda", "mps"] = "cpu"
    """Where to compute: cpu with compiled kernels; cuda (NVIDIA) or mps (Apple) with torch operations, which no test covers."""
