"""The history of single neurons: their information terms in some epochs, small enough to store with the run."""

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import torch
from jaxtyping import Float16
from torch import Tensor

from infomorphic.errors import InfomorphicWarning
from infomorphic.training.checksum import checksum

_EVERY = 5
_ALL_UNTIL = 10


def is_recorded(epoch: int) -> bool:
    """Whether neurons are recorded in this epoch: in each of the first ten, where most changes happen, then in every fifth.

    The rule depends only on the epoch, so an extended run has the same records as a run that was longer from the start.
    """
    return 0 < epoch <= _ALL_UNTIL or (epoch > 0 and epoch % _EVERY == 0)


@dataclass(frozen=True, eq=False)
class History:
    """Values of each neuron by epoch, with three digits (float16): 100 trivariate neurons take 100 kB for 100 epochs."""

    epochs: tuple[int, ...] = ()
    values: Mapping[str, Float16[Tensor, "epochs neurons"]] = field(default_factory=dict)
    """By `layer.{F}{C}` and so on, in bits."""

    def with_record(self, epoch: int, of_neurons: Mapping[str, Tensor]) -> "History":
        """A copy with one epoch appended; returns `self` if the epoch is not due or already present."""
        if not of_neurons or not is_recorded(epoch) or (self.epochs and epoch <= self.epochs[-1]):
            return self
        rows = {name: value.detach().cpu().to(torch.float16)[None] for name, value in of_neurons.items()}
        if not self.epochs:
            return History((epoch,), rows)
        if {name: v.shape[1:] for name, v in self.values.items()} != {name: row.shape[1:] for name, row in rows.items()}:
            # A problem with this extra record must not stop the training.
            warnings.warn(
                InfomorphicWarning("the stored history of single neurons belongs to other neurons; a new history begins."), stacklevel=2
            )
            return History((epoch,), rows)
        return History((*self.epochs, epoch), {name: torch.cat([self.values[name], row]) for name, row in rows.items()})

    def until(self, epoch: int) -> "History":
        """A copy without the epochs after this one."""
        kept = sum(e <= epoch for e in self.epochs)
        return History(self.epochs[:kept], {name: value[:kept] for name, value in self.values.items()} if kept else {})

    def check_names(self, metrics: Mapping[str, Any]) -> None:
        """Raise `ValueError` if `metrics`, a record of the run, lacks the mean of any of the values."""
        if unknown := sorted(self.values.keys() - metrics.keys()):
            raise ValueError(f"it has values of {unknown[0]!r}, whose mean is missing in the metrics")

    def of_layer(self, layer: str) -> dict[str, Float16[Tensor, "epochs neurons"]]:
        """The values of one layer by term: `goal`, `{F}{C}`, …, `H_res`."""
        return {name.removeprefix(f"{layer}."): v for name, v in self.values.items() if name.startswith(f"{layer}.")}

    def to_bytes(self) -> bytes:
        """As a safetensors file."""
        from safetensors.torch import save

        values = {name: t.contiguous() for name, t in self.values.items()}
        record = {"epochs": self.epochs, "checksum": checksum(values, {"epochs": json.dumps(self.epochs)})}
        # A single entry: the order of several would be random, and equal histories should have equal bytes.
        return save(values, {"epochs": json.dumps(record)})

    @classmethod
    def from_bytes(cls, content: bytes) -> "History":
        """Read what `to_bytes` wrote.

        Raises:
            ValueError: if the content is damaged.
        """
        from safetensors import SafetensorError
        from safetensors.torch import load

        try:
            values = load(content)
            header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["__metadata__"]
            record = json.loads(header["epochs"])
            if isinstance(record, dict):
                if record["checksum"] != checksum(values, {"epochs": json.dumps(record["epochs"])}):
                    raise ValueError("its content is not what was written")
                record = record["epochs"]
            epochs = tuple(int(e) for e in record)  # format 1 has the epochs only
        except (SafetensorError, KeyError, TypeError, RuntimeError) as error:
            raise ValueError(str(error)) from error
        if any(v.ndim != 2 or len(v) != len(epochs) or v.dtype != torch.float16 for v in values.values()):
            raise ValueError("it does not have one row per epoch")
        if any(before >= after for before, after in pairwise(epochs)):
            raise ValueError("its epochs do not ascend")
        return cls(epochs, values)
