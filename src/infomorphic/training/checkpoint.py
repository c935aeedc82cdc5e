"""Checkpoints: a network and its optimizer after a complete epoch, in one file with one checksum over all of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from infomorphic.errors import RunError
from infomorphic.training.checksum import checksum
from infomorphic.training.optimizer import load_state_tensors

FORMAT = 2
"""The version of the layout of a run. A run of a newer version is refused instead of misread.

1: the checksum of a checkpoint covered only the tensors, and the configuration was not included.
"""


class NewerFormatError(Exception):
    """The file has a layout that this version does not know."""


@dataclass(frozen=True)
class Checkpoint:
    """A network and its optimizer after a complete epoch."""

    epoch: int
    tensors: dict[str, Tensor]
    metrics: list[dict[str, Any]]
    """The records of the epochs so far."""
    config: dict[str, Any] | None = None
    """The configuration that the network was trained with, by section; None in checkpoints of format 1."""
    sizes: Mapping[str, Any] = field(default_factory=dict)
    """What of the data the network was built for, see `Task.sizes`; empty in checkpoints of older versions."""

    def part(self, name: str) -> dict[str, Tensor]:
        """The tensors of one part: `network` or `optimizer`."""
        return {key.removeprefix(f"{name}."): t for key, t in self.tensors.items() if key.startswith(f"{name}.")}

    def restore(self, network: nn.Module) -> None:
        """Load the weights into a network.

        Raises:
            RunError: if they do not fit the network.
        """
        weights = self.part("network")
        saved, wanted = ({name: tuple(t.shape) for name, t in tensors.items()} for tensors in (weights, network.state_dict()))
        differing = [
            f"{name} is {saved.get(name, 'missing')} there and {wanted.get(name, 'missing')} here"
            for name in {**wanted, **saved}
            if saved.get(name) != wanted.get(name)
        ]
        if differing:
            raise RunError(
                f"the checkpoint does not fit the network built from config.yaml and the data: {'; '.join(differing[:2])}. "
                "One of them was edited, or an earlier version defined this preset differently."
            )
        network.load_state_dict(weights)

    def restore_optimizer(self, optimizer: torch.optim.Optimizer) -> None:
        """Load the state into an optimizer.

        Raises:
            RunError: if some of it is missing or belongs to other parameters, so that training would not continue as it was.
        """
        try:
            load_state_tensors(optimizer, self.part("optimizer"), trained=self.epoch > 0)
        except ValueError as error:
            raise RunError(f"the checkpoint cannot be continued: {error}. Train the run again under another name.") from error

    def to_bytes(self) -> bytes:
        """As a safetensors file."""
        from safetensors.torch import save

        header = {"format": str(FORMAT), "epoch": str(self.epoch), "metrics": json.dumps(self.metrics), "config": json.dumps(self.config)}
        if self.sizes:
            header["sizes"] = json.dumps(dict(self.sizes))
        return save(self.tensors, {**header, "checksum": str(checksum(self.tensors, header))})

    @classmethod
    def read(cls, path: Path) -> "Checkpoint":
        """Read what `to_bytes` wrote, in this or an earlier version. Reading executes no code.

        Raises:
            NewerFormatError: if a newer version wrote it.
            ValueError: if it is damaged.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="pt") as file:
                header = file.metadata() or {}
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (no mapping)
            found = int(header.get("format", 1))
            if found > FORMAT:
                raise NewerFormatError
            written = int(header.pop("checksum"))
            if written != checksum(tensors, header if found > 1 else {}):
                raise ValueError("its content is not what was written")
            metrics, config = json.loads(header["metrics"]), json.loads(header.get("config", "null"))
            sizes = json.loads(header.get("sizes", "{}"))
            epoch = int(header["epoch"])
        except KeyError as error:
            raise ValueError(f"its header has no {error}") from error
        except (SafetensorError, TypeError, OSError, RuntimeError) as error:  # a RecursionError is a RuntimeError
            raise ValueError(str(error)) from error
        _check_records(metrics, epoch)
        if not isinstance(config, dict | None):
            raise ValueError("its configuration is not a mapping")
        if not (
            isinstance(sizes, dict)
            and all(type(n) is int and n > 0 for size in sizes.values() for n in (size if isinstance(size, list) else [size]))
        ):
            raise ValueError("the sizes of its data are not whole numbers")
        return cls(epoch, tensors, metrics, config, sizes)


def _check_records(metrics: Any, epoch: int) -> None:
    """Raise `ValueError` unless these are records of numbers and the last one is of this epoch."""
    if not (isinstance(metrics, list) and all(isinstance(row, dict) and isinstance(row.get("epoch"), int) for row in metrics)):
        raise ValueError("its metrics are not records of epochs")
    if not all(isinstance(value, int | float | None) for row in metrics for value in row.values()):
        raise ValueError("its metrics are not all numbers")
    epochs = [0, *(row["epoch"] for row in metrics)]
    if any(before >= after for before, after in pairwise(epochs)):
        raise ValueError("the epochs of its metrics do not ascend")
    if epochs[-1] != epoch:
        raise ValueError(f"it is of epoch {epoch}, but its last record is of epoch {epochs[-1]}")
