"""Run directories: one folder that explains itself, written so that a kill at any moment loses nothing that was complete.

config.yaml             what the run is made from; `infomorphic train config.yaml` makes it again
metrics.csv             one row an epoch
checkpoint.safetensors  weights, optimiser state and metrics after the last complete epoch
neurons.safetensors     information terms of each single neuron in some epochs; runs of older versions have none
environment.json        versions, machine, threads, command
summary.json            the result, once the run is finished
"""

import json
import os
import platform
import shlex
import subprocess
import sys
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import yaml
from torch import Tensor, nn

import infomorphic
from infomorphic.errors import RunError
from infomorphic.files import replace_file
from infomorphic.passwords import without_passwords
from infomorphic.training.config import TrainConfig
from infomorphic.training.history import History

FORMAT = 1
"""The version of the layout. A run of a newer version is refused instead of misread."""

_FILES = ("config.yaml", "metrics.csv", "checkpoint.safetensors", "neurons.safetensors", "environment.json", "summary.json")


@dataclass(frozen=True)
class Checkpoint:
    """A network and its optimiser after a complete epoch."""

    epoch: int
    tensors: dict[str, Tensor]
    metrics: list[dict[str, Any]]
    """What was recorded on the way."""

    def part(self, name: str) -> dict[str, Tensor]:
        """The tensors of one part: `network` or `optimizer`."""
        return {key.removeprefix(f"{name}."): t for key, t in self.tensors.items() if key.startswith(f"{name}.")}

    def restore(self, network: nn.Module) -> None:
        """Put the weights into a network.

        Raises:
            RunError: if they are those of another network.
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
                f"the checkpoint is not of the network that config.yaml and the data make: {'; '.join(differing[:2])}. "
                "Either was changed, or the run was made by an earlier version in which the preset was another."
            )
        network.load_state_dict(weights)


@dataclass(frozen=True)
class Run:
    """A run directory."""

    path: Path

    @classmethod
    def create(cls, path: Path, config: TrainConfig) -> "Run":
        """A new run directory with its configuration and environment.

        Raises:
            RunError: if there is something at `path` already; nothing is overwritten.
        """
        cls.check_free(path)
        path.mkdir(parents=True, exist_ok=True)
        run = cls(path)
        run._write("config.yaml", config.to_yaml().encode())
        run._write("environment.json", json.dumps({"format": FORMAT, **environment_of_process()}, indent=1).encode())
        return run

    @staticmethod
    def check_free(path: Path) -> None:
        """Raise `RunError` if there is something at `path` already."""
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise RunError(f"{path} exists already; choose another --run, or continue it with: infomorphic resume {path}")

    @classmethod
    def open(cls, path: Path) -> "Run":
        """An existing run directory.

        Raises:
            RunError: if it is none, or was written by a newer version.
        """
        if not path.is_dir():
            raise RunError(f"there is no run directory {path}.")
        if not (path / "config.yaml").is_file():
            raise RunError(f"{path} is not a run directory: it has no config.yaml.")
        run = cls(path)
        found = run.environment.get("format", FORMAT)
        if not isinstance(found, int):
            raise RunError(f"{path / 'environment.json'} is damaged: its format is {found!r}, which is no number.")
        run._check_format(found)
        return run

    def _check_format(self, found: int) -> None:
        if found > FORMAT:
            raise RunError(
                f"{self.path} was written by infomorphic {self.environment.get('infomorphic', '?')}, whose runs this version "
                f"({infomorphic.__version__}) cannot read. Update infomorphic."
            )

    @property
    def config(self) -> TrainConfig:
        """What the run is made from."""
        return TrainConfig.load(self.path / "config.yaml")

    def unwritten_settings(self) -> dict[str, Any]:
        """Settings that config.yaml lacks, and the defaults that stand for them: lost lines, or settings that are newer than the run."""
        written = yaml.safe_load((self.path / "config.yaml").read_text(encoding="utf-8"))
        return _left_out(written, self.config.model_dump(mode="json"))

    @property
    def environment(self) -> dict[str, Any]:
        """Where the run was made."""
        return self._read_json("environment.json")

    @property
    def summary(self) -> dict[str, Any]:
        """The result, or an empty record if the run is not finished."""
        return self._read_json("summary.json")

    def save_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint, and then the metrics, each in one step."""
        from safetensors.torch import save

        header = {"format": str(FORMAT), "epoch": str(checkpoint.epoch), "metrics": json.dumps(checkpoint.metrics)}
        header["checksum"] = str(_checksum(checkpoint.tensors))
        self._write("checkpoint.safetensors", save(checkpoint.tensors, header))
        self._write("metrics.csv", _csv(checkpoint.metrics).encode())

    def load_checkpoint(self) -> Checkpoint:
        """The last complete checkpoint. Loading executes no code.

        Raises:
            RunError: if there is none, or it is damaged.
        """
        from safetensors import SafetensorError, safe_open

        path = self.path / "checkpoint.safetensors"
        if not path.is_file():
            raise RunError(
                f"{self.path} has no checkpoint: the run was interrupted before it began, or the file was removed. "
                f"Train it again under another name: infomorphic train {self.path / 'config.yaml'} --run …"
            )
        try:
            with safe_open(path, framework="pt") as file:
                header = file.metadata()
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (no mapping)
            self._check_format(int(header.get("format", FORMAT)))
            metrics = json.loads(header["metrics"])
            # Runs of older versions have no checksum.
            if "checksum" in header and int(header["checksum"]) != _checksum(tensors):
                raise ValueError("its weights are not those that were written")
            if not (isinstance(metrics, list) and all(isinstance(row, dict) for row in metrics)):
                raise ValueError("its metrics are no records")
            return Checkpoint(int(header["epoch"]), tensors, metrics)
        except (SafetensorError, KeyError, TypeError, ValueError, OSError) as error:
            raise RunError(
                f"the checkpoint of {self.path} is damaged and cannot be read ({error}). The other files of the run are untouched."
            ) from error

    def save_history(self, history: History) -> None:
        """Replace the history of the neurons in one step."""
        self._write("neurons.safetensors", history.to_bytes())

    def load_history(self) -> History:
        """The history of the neurons; empty if the run has none.

        Raises:
            RunError: if it is damaged.
        """
        path = self.path / "neurons.safetensors"
        if not path.is_file():
            return History()
        try:
            return History.from_bytes(path.read_bytes())
        except (ValueError, KeyError, OSError) as error:
            raise RunError(
                f"{path} is damaged and cannot be read ({error}). Without it the run is whole but for the history of its neurons: delete it."
            ) from error

    def save_summary(self, summary: Mapping[str, Any]) -> None:
        """Write the result."""
        self._write("summary.json", json.dumps(dict(summary), indent=1).encode())

    def replace_config(self, config: TrainConfig) -> None:
        """Write another configuration, such as one with more epochs."""
        self._write("config.yaml", config.to_yaml().encode())

    def _read_json(self, name: str) -> dict[str, Any]:
        path = self.path / name
        if not path.is_file():
            return {}
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RunError(f"{path} is damaged and cannot be read ({error}).") from error
        if not isinstance(record, dict):
            raise RunError(f"{path} is damaged: it holds no record.")
        return record

    def _write(self, name: str, content: bytes) -> None:
        """Replace a file in one step: whoever reads it, or is killed, finds the old content or the new, never a part."""
        replace_file(self.path / name, content, f"go on with: {self.resume_command}")

    @property
    def resume_command(self) -> str:
        """What continues the run, to be pasted into a shell."""
        return f"infomorphic resume {shlex.quote(str(self.path))}"


def default_run_path(parent: Path, stem: str) -> Path:
    """`parent/stem`, or `parent/stem-2` and so on: the first that does not exist."""
    number, path = 1, parent / stem
    while path.exists():
        number += 1
        path = parent / f"{stem}-{number}"
    return path


def _left_out(written: Mapping[str, Any], whole: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in whole.items():
        if name not in written:
            found[prefix + name] = value
        elif isinstance(value, Mapping):
            found |= _left_out(written[name] or {}, value, f"{prefix}{name}.")
    return found


def _checksum(tensors: Mapping[str, Tensor]) -> int:
    """Of names, shapes and bytes, in an order that depends on the names alone."""
    found = 0
    for name, tensor in sorted(tensors.items()):
        found = zlib.crc32(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode(), found)
        found = zlib.crc32(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data, found)
    return found


def _csv(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(f'"{c}"' if "," in c else c for c in columns)]
    lines += [",".join("" if row.get(c) is None else str(row[c]) for c in columns) for row in rows]
    return "\n".join(lines) + "\n"


def environment_of_process() -> dict[str, Any]:
    """What a result was made with: versions, commit, command and machine."""
    import numba
    import numpy

    return {
        "infomorphic": infomorphic.__version__,
        "commit": _commit(),
        "command": " ".join(["infomorphic", *without_passwords(sys.argv[1:])]),
        "started": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "numba": numba.__version__,
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
    }


def _commit() -> str | None:
    """The commit of a source checkout; None for an installed package."""
    root = Path(__file__).parents[3]
    if not (root / ".git").exists():
        return None
    try:
        done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=root, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None
