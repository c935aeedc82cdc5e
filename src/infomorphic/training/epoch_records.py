"""Records of single neurons in some epochs, stored in one file that a reader can trust."""

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar, TypeVar

import torch
from torch import Tensor

from infomorphic.errors import InfomorphicWarning
from infomorphic.training.checksum import checksum

Records = TypeVar("Records", bound="EpochRecords")

_EVERY = 5
_ALL_UNTIL = 10


def is_recorded(epoch: int) -> bool:
    """Whether neurons are recorded in this epoch: in each of the first ten, where most changes happen, then in every fifth.

    The rule depends only on the epoch, so an extended run has the same records as a run that was longer from the start.
    """
    return 0 < epoch <= _ALL_UNTIL or (epoch > 0 and epoch % _EVERY == 0)


@dataclass(frozen=True, eq=False)
class EpochRecords:
    """Tensors whose first axis is the epoch, by name."""

    dtype: ClassVar[torch.dtype]
    axes: ClassVar[int]
    called: ClassVar[str]
    """What is recorded, for messages."""

    epochs: tuple[int, ...] = ()
    values: Mapping[str, Tensor] = field(default_factory=dict)

    def is_due(self, epoch: int) -> bool:
        """Whether this epoch is recorded and not yet present."""
        return is_recorded(epoch) and (not self.epochs or epoch > self.epochs[-1])

    def longer(self: Records, epoch: int, rows: Mapping[str, Tensor]) -> Records:
        """A copy with one epoch appended; returns `self` if nothing is given, or the epoch is not due or already present."""
        if not rows or not self.is_due(epoch):
            return self
        new = {name: row.detach().cpu().to(self.dtype)[None] for name, row in rows.items()}
        if not self.epochs:
            return type(self)((epoch,), new)
        if {name: v.shape[1:] for name, v in self.values.items()} != {name: row.shape[1:] for name, row in new.items()}:
            # A problem with this extra record must not stop the training.
            warnings.warn(
                InfomorphicWarning(f"the stored {self.called} of single neurons belongs to other neurons; a new {self.called} begins."),
                stacklevel=3,
            )
            return type(self)((epoch,), new)
        return type(self)((*self.epochs, epoch), {name: torch.cat([self.values[name], row]) for name, row in new.items()})

    def at(self: Records, positions: Sequence[int]) -> Records:
        """A copy with some of the epochs, by position."""
        if not positions:
            return type(self)()
        return type(self)(tuple(self.epochs[i] for i in positions), {name: v[list(positions)] for name, v in self.values.items()})

    def until(self: Records, epoch: int) -> Records:
        """A copy without the epochs after this one."""
        return self.at([i for i, e in enumerate(self.epochs) if e <= epoch])

    def to_bytes(self) -> bytes:
        """As a safetensors file."""
        from safetensors.torch import save

        values = {name: t.contiguous() for name, t in self.values.items()}
        record = {"epochs": self.epochs, "checksum": checksum(values, {"epochs": json.dumps(self.epochs)})}
        # A single entry: the order of several would be random, and equal records should have equal bytes.
        return save(values, {"epochs": json.dumps(record)})

    @classmethod
    def from_bytes(cls: type[Records], content: bytes) -> Records:
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
        if any(v.ndim != cls.axes or len(v) != len(epochs) or v.dtype != cls.dtype for v in values.values()):
            raise ValueError("it does not have one row per epoch")
        if any(before >= after for before, after in pairwise(epochs)):
            raise ValueError("its epochs do not ascend")
        return cls(epochs, values)
