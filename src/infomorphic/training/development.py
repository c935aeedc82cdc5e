"""The development of single neurons: their receptive fields and responses in some epochs, in 8 bits, for pages that show how they grew."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from infomorphic.training.epoch_records import EpochRecords

LARGEST = 4_000_000
"""The most bytes of all records together."""
MOST_EPOCHS = 50
_FEWEST_EPOCHS = 3
"""Fields that leave room for fewer epochs are not recorded."""
_ZERO, _STRONGEST = 128, 127
_CERTAIN = 255


class Snapshot(NamedTuple):
    """The neurons of a layer after an epoch."""

    fields: Float[Tensor, "neurons inputs"] | None = None
    """Receptive fields; None for a layer that does not receive the input of the network."""
    responses: Float[Tensor, "classes neurons"] | None = None
    """The mean firing probability for each class, NaN for a class without samples; None without classes."""


@dataclass(frozen=True, eq=False)
class Development(EpochRecords):
    """Snapshots of each layer by epoch.

    The size is bounded: at most 50 epochs and 4 MB. If another epoch does not fit, one is dropped, such that the rest is evenly
    spaced on the scale √epoch: neurons change most in the beginning.
    """

    dtype = torch.uint8
    axes = 3
    called = "development"

    values: Mapping[str, UInt8[Tensor, "epochs rows columns"]] = field(default_factory=dict)
    """`LAYER.fields`, (epochs, neurons, inputs): 128 + 127 · weight / strongest weight of the neuron in this epoch.
    `LAYER.responses`, (epochs, neurons, classes): 255 · mean firing probability."""

    def with_record(self, epoch: int, snapshots: Mapping[str, Snapshot]) -> "Development":
        """A copy with one epoch appended; returns `self` if the epoch is not due or already present."""
        if not self.is_due(epoch):
            return self
        responses = {f"{layer}.responses": s.responses for layer, s in snapshots.items() if s.responses is not None}
        rows = {name: (_CERTAIN * p.T.nan_to_num(nan=0.0)).round() for name, p in responses.items()}
        fields = {f"{layer}.fields": s.fields for layer, s in snapshots.items() if s.fields is not None}
        if _FEWEST_EPOCHS * (_size(rows) + _size(fields)) <= LARGEST:
            rows |= {name: in_steps(weights) for name, weights in fields.items()}
        if _FEWEST_EPOCHS * _size(rows) > LARGEST:
            return self
        return self.longer(epoch, rows)._thinned()

    def of_layer(self, layer: str) -> tuple[UInt8[Tensor, "epochs neurons inputs"] | None, UInt8[Tensor, "epochs neurons classes"] | None]:
        """Fields and responses of one layer; None for what was not recorded."""
        return self.values.get(f"{layer}.fields"), self.values.get(f"{layer}.responses")

    def _thinned(self) -> "Development":
        """A copy that is as small as it must be. The first and the last epoch stay."""
        kept = list(range(len(self.epochs)))
        while len(kept) > MOST_EPOCHS or len(kept) * _size(self.values) > LARGEST * len(self.epochs):
            place = [math.sqrt(self.epochs[i]) for i in kept]
            kept.pop(min(range(1, len(kept) - 1), key=lambda i: place[i + 1] - place[i - 1]))
        return self if len(kept) == len(self.epochs) else self.at(kept)


def in_steps(fields: Float[Tensor, "neurons inputs"]) -> Float[Tensor, "neurons inputs"]:
    """Weights in whole steps: 1 to 255, with 128 for zero, relative to the strongest of the neuron."""
    strongest = fields.abs().amax(1, keepdim=True)
    return (_ZERO + _STRONGEST * fields / torch.where(strongest > 0, strongest, 1.0)).round()


def from_steps(recorded: UInt8[Tensor, "*epochs"]) -> Float[Tensor, "*epochs"]:
    """Recorded weights as numbers: from −127 to 127, where 127 is the strongest of the neuron."""
    return recorded.double() - _ZERO


def probabilities(recorded: UInt8[Tensor, "*epochs"]) -> Float[Tensor, "*epochs"]:
    """Recorded responses as mean firing probabilities."""
    return recorded.double() / _CERTAIN


def _size(values: Mapping[str, Tensor]) -> int:
    return sum(v.numel() for v in values.values())
