"""What every configuration sets about a training, whatever is learned."""

from typing import Annotated, Literal

from pydantic import Field

from infomorphic.networks.settings import Settings


class DataSettings(Settings):
    """What to learn from. Each task derives its own."""


class TrainingSettings(Settings):
    """How long and how to train. Each task derives its own, with its published defaults."""

    epochs: Annotated[int, Field(ge=0)] = 100
    epochs_a_record: Annotated[int, Field(ge=1)] = 1
    """Epochs between two records, each with evaluations and a checkpoint; the last epoch always has one."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    device: Literal["cpu", "cuda", "mps"] = "cpu"
