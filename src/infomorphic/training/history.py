"""The history of single neurons: their information terms in some epochs, small enough to store with the run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Float16
from torch import Tensor

from infomorphic.training.epoch_records import EpochRecords


@dataclass(frozen=True, eq=False)
class History(EpochRecords):
    """Values of each neuron by epoch, with three digits (float16): 100 trivariate neurons take 100 kB for 100 epochs."""

    dtype = torch.float16
    axes = 2
    called = "history"

    values: Mapping[str, Float16[Tensor, "epochs neurons"]] = field(default_factory=dict)
    """By `layer.{F}{C}` and so on, in bits."""

    def with_record(self, epoch: int, of_neurons: Mapping[str, Tensor]) -> "History":
        """A copy with one epoch appended; returns `self` if the epoch is not due or already present."""
        return self.longer(epoch, of_neurons)

    def check_names(self, metrics: Mapping[str, Any]) -> None:
        """Raise `ValueError` if `metrics`, a record of the run, lacks the mean of any of the values."""
        if unknown := sorted(self.values.keys() - metrics.keys()):
            raise ValueError(f"it has values of {unknown[0]!r}, whose mean is missing in the metrics")

    def of_layer(self, layer: str) -> dict[str, Float16[Tensor, "epochs neurons"]]:
        """The values of one layer by term: `goal`, `{F}{C}`, …, `H_res`."""
        return {name.removeprefix(f"{layer}."): v for name, v in self.values.items() if name.startswith(f"{layer}.")}
