"""Run directories: self-explanatory folders, written so that a kill at any moment loses nothing that was complete.

config.yaml             the configuration of the run; `infomorphic train config.yaml` makes it again
metrics.csv             one row per epoch
checkpoint.safetensors  weights, optimizer state, metrics and configuration after the last complete epoch, with a checksum over all of it
neurons.safetensors     information terms of each single neuron in some epochs; runs of older versions have none
development.safetensors receptive fields and responses of each single neuron in some epochs; runs of older versions have none
environment.json        versions, machine, threads, command, folder of the data sets
summary.json            the result, once the run is finished

Weights and metrics depend only on config.yaml and the checkpoint; the other files are rewritten when needed, or optional.
"""

import json
import os
import platform
import shlex
import subprocess
import sys
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

import infomorphic
from infomorphic import plugins
from infomorphic.data.loading import DATA_DIR_VARIABLE, is_at_path
from infomorphic.errors import InfomorphicWarning, RunError
from infomorphic.files import is_partial, replace_file
from infomorphic.limits import MOST_THREADS
from infomorphic.passwords import without_passwords
from infomorphic.quoting import quoted
from infomorphic.training.checkpoint import FORMAT, Checkpoint, NewerFormatError
from infomorphic.training.config import TrainConfig, read_config
from infomorphic.training.development import Development
from infomorphic.training.epoch_records import EpochRecords, Records
from infomorphic.training.history import History
from infomorphic.training.lock import LOCK
from infomorphic.training.own_files import changed_files, checksums

_HISTORY, _DEVELOPMENT = "neurons.safetensors", "development.safetensors"
_FILES = ("config.yaml", "metrics.csv", "checkpoint.safetensors", _HISTORY, _DEVELOPMENT, "environment.json", "summary.json")
# Users may change the number of epochs, the device and the place of the data; any other change makes another run.
_FREE = ("training.epochs", "training.device")


@dataclass(frozen=True)
class Run:
    """A run directory."""

    path: Path

    @classmethod
    def create(cls, path: Path, config: TrainConfig, data_dir: Path | None = None) -> "Run":
        """Create a run directory with its configuration and environment.

        Args:
            path: the folder to create. Leftovers of a creation that was killed are removed.
            config: the configuration of the run.
            data_dir: the folder of its data sets, which is stored in the run.

        Raises:
            RunError: if there is something at `path` already; nothing is overwritten.
            FileWriteError: if it cannot be written.
        """
        cls.check_free(path)
        run = cls(path)
        run.remove_partial_files()
        replace_file(path / "config.yaml", config.to_yaml().encode())
        run.write_environment(config, data_dir)
        return run

    @staticmethod
    def check_free(path: Path) -> None:
        """Raise `RunError` if there is something at `path` already."""
        if path.exists() and (not path.is_dir() or not all(is_partial(file) or file.name == LOCK for file in path.iterdir())):
            raise RunError(f"{path} exists already; choose another name, or continue this run with: {Run(path).resume_command}")

    @classmethod
    def open(cls, path: Path) -> "Run":
        """Open an existing run directory. Settings missing in config.yaml and a damaged environment.json trigger an `InfomorphicWarning`.

        Raises:
            RunError: if it is not a run directory, or a newer version wrote it.
            ConfigurationError: if config.yaml cannot be read.
        """
        if not path.is_dir():
            raise RunError(f"there is no run directory {path}.")
        if not (path / "config.yaml").is_file():
            raise RunError(f"{path} is not a run directory: it has no config.yaml.")
        run = cls(path)
        environment = run.environment
        found = environment.get("format", FORMAT)
        if type(found) is int:
            run._check_format(found, environment)
        else:
            _warn(f"{path / 'environment.json'} is damaged: its format is {quoted(found)}, which is not a number.")
        run._warn_of_unwritten_settings()
        return run

    def _check_format(self, found: int, environment: Mapping[str, Any]) -> None:
        if found > FORMAT:
            raise RunError(
                f"{self.path} was written by infomorphic {environment.get('infomorphic', '?')}, whose runs this version "
                f"({infomorphic.__version__}) cannot read. Update infomorphic."
            )

    @property
    def config(self) -> TrainConfig:
        """What the run is made from."""
        return TrainConfig.load(self.path / "config.yaml")

    def unwritten_settings(self) -> dict[str, Any]:
        """Settings that config.yaml lacks, with the defaults used instead. The lines were lost, or the settings are newer than the run."""
        written = read_config(self.path / "config.yaml")
        return _left_out(written, self.config.model_dump(mode="json"))

    def _warn_of_unwritten_settings(self) -> None:
        """Warn if config.yaml lacks settings, unless nothing was trained yet: the defaults may differ from what was trained."""
        if self.has_begun and (unwritten := self.unwritten_settings()):
            listed = ", ".join(f"{name} ({value!r})" for name, value in unwritten.items())
            _warn(f"{self.path}/config.yaml lacks settings; their defaults are used: {listed}.")

    @property
    def environment(self) -> dict[str, Any]:
        """The environment in which the run was made. Nothing depends on it: a damaged one is empty, with an `InfomorphicWarning`."""
        return self._side_record("environment.json")

    @property
    def threads(self) -> int | None:
        """The number of threads that the run began with; None if unknown."""
        found = self.environment.get("threads")
        return found if type(found) is int and 1 <= found <= MOST_THREADS else None

    def data_dir(self, given: Path | None = None) -> Path | None:
        """The folder of the run's data sets: `given`, else INFOMORPHIC_DATA, else the folder that the run was made with."""
        remembered = self.environment.get("data_dir")
        if given is not None or DATA_DIR_VARIABLE in os.environ or not isinstance(remembered, str) or not os.path.isdir(remembered):
            return given
        return Path(remembered)

    @property
    def summary(self) -> dict[str, Any]:
        """The result; empty if the run is not finished or, with an `InfomorphicWarning`, if the file is damaged."""
        return self._side_record("summary.json")

    @property
    def has_begun(self) -> bool:
        """Whether anything was trained; if not, a kill came before the first checkpoint."""
        return any((self.path / name).exists() for name in ("checkpoint.safetensors", "metrics.csv", "summary.json"))

    def save_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Replace the checkpoint and then the metrics, each atomically."""
        self._write("checkpoint.safetensors", checkpoint.to_bytes())
        self._write("metrics.csv", _csv(checkpoint.metrics).encode())

    def complete_metrics(self, checkpoint: Checkpoint) -> None:
        """Write the checkpoint's records to metrics.csv: a kill may have come between writing the two."""
        path, content = self.path / "metrics.csv", _csv(checkpoint.metrics).encode()
        if not path.is_file() or path.read_bytes() != content:
            self._write("metrics.csv", content)

    def load_checkpoint(self) -> Checkpoint:
        """Load the last complete checkpoint. Loading executes no code.

        Raises:
            RunError: if there is none, or it is damaged.
        """
        path = self.path / "checkpoint.safetensors"
        if not path.is_file():
            if self.has_begun:
                raise RunError(
                    f"{self.path} has no checkpoint: the file was removed. "
                    f"Train it again under another name: infomorphic train {shlex.quote(str(self.path / 'config.yaml'))} --run NEW"
                )
            raise RunError(f"{self.path} has no checkpoint: the run was interrupted before it began. Start it with: {self.resume_command}")
        try:
            checkpoint = Checkpoint.read(path)
        except NewerFormatError:
            self._check_format(FORMAT + 1, self.environment)
            raise
        except ValueError as error:
            raise RunError(
                f"the checkpoint of {self.path} is damaged and cannot be read ({error}). The other files of the run are untouched."
            ) from error
        return checkpoint

    def check_config(self, checkpoint: Checkpoint) -> None:
        """Check that config.yaml is what the checkpoint was trained with. Call this wherever both are used together.

        Data in another place trigger an `InfomorphicWarning`; the number of epochs and the device may differ.

        Raises:
            RunError: if a setting differs.
        """
        for file in changed_files(self.config, self.environment.get("files")):
            _warn(f"{file} has changed since {self.path} was made; what it makes now is used with the weights of then.")
        if checkpoint.config is None:
            return
        written = self.config.model_dump(mode="json")
        then, now = _flat(TrainConfig.make(self._where_they_are(checkpoint.config, written)).model_dump(mode="json")), _flat(written)
        differing = {
            name: (then.get(name), now.get(name)) for name in {**then, **now} if name not in _FREE and then.get(name) != now.get(name)
        }
        if (
            "data.dataset" in differing
            and not plugins.is_reference(str(differing["data.dataset"][1]))
            and _only_moved(*differing["data.dataset"])
        ):
            before, after = differing.pop("data.dataset")
            _warn(f"the data of {self.path} are read from {after}; the run was trained with those in {before}.")
        if differing:
            listed = ", ".join(f"{name} was {before!r} and is now {after!r}" for name, (before, after) in differing.items())
            raise RunError(
                f"{self.path / 'config.yaml'} is not what the checkpoint was trained with: {listed}. Restore the old values. "
                f"Other settings make another run: infomorphic train {shlex.quote(str(self.path / 'config.yaml'))} --run NEW"
            )

    def _where_they_are(self, before: Any, now: Any) -> Any:
        """Settings of before, in which files of one's own that were moved are named as they are now."""
        if isinstance(before, Mapping) and isinstance(now, Mapping):
            return {name: self._where_they_are(value, now.get(name)) for name, value in before.items()}
        return now if self._is_same_file(before, now) else before

    def _is_same_file(self, before: Any, after: Any) -> bool:
        """Whether both name the same thing in a file of one's own that was moved and has the content that the run was made with."""
        if not (isinstance(before, str) and isinstance(after, str) and plugins.is_reference(before) and plugins.is_reference(after)):
            return False
        recorded = self.environment.get("files")
        content = recorded.get(str(plugins.file_of(before))) if isinstance(recorded, Mapping) else None
        return before.rpartition(":")[2] == after.rpartition(":")[2] and content == plugins.checksum(after)

    def save_history(self, history: History) -> None:
        """Replace the history of the neurons atomically."""
        self._write(_HISTORY, history.to_bytes())

    def save_development(self, development: Development) -> None:
        """Replace the development of the neurons atomically."""
        self._write(_DEVELOPMENT, development.to_bytes())

    def load_history(self, checkpoint: Checkpoint | None = None) -> History:
        """The history of the neurons; empty if the run has none.

        Args:
            checkpoint: the checkpoint that the history must belong to; later epochs are left out.

        Raises:
            RunError: if it is damaged.
        """
        history = self._load_records(History, _HISTORY, checkpoint)
        if checkpoint is not None:
            try:
                history.check_names((checkpoint.metrics or [{}])[-1])
            except ValueError as error:
                raise self._damaged(_HISTORY, History, error) from error
        return history

    def load_development(self, checkpoint: Checkpoint | None = None) -> Development:
        """The development of the neurons; empty if the run has none.

        Args:
            checkpoint: the checkpoint that it must belong to; later epochs are left out.

        Raises:
            RunError: if it is damaged.
        """
        return self._load_records(Development, _DEVELOPMENT, checkpoint)

    def _load_records(self, kind: type[Records], name: str, checkpoint: Checkpoint | None) -> Records:
        path = self.path / name
        if not path.is_file():
            return kind()
        try:
            records = kind.from_bytes(path.read_bytes())
        except (ValueError, OSError) as error:
            raise self._damaged(name, kind, error) from error
        return records if checkpoint is None else records.until(checkpoint.epoch)

    def _damaged(self, name: str, kind: type[EpochRecords], error: Exception) -> RunError:
        return RunError(
            f"{self.path / name} is damaged and cannot be read ({error}). Only the {kind.called} of single neurons is lost: delete it."
        )

    def write_environment(self, config: TrainConfig, data_dir: Path | None = None) -> None:
        """Write the environment in which the run is made."""
        found = data_dir or os.environ.get(DATA_DIR_VARIABLE)
        place = {"data_dir": str(Path(found).expanduser().resolve())} if found else {}
        self._write(
            "environment.json",
            json.dumps({"format": FORMAT, **environment_of_process(), **place, "files": checksums(config)}, indent=1).encode(),
        )

    def remove_partial_files(self) -> None:
        """Remove partly written files that a kill left behind. The caller must hold the lock."""
        for file in self.path.glob(".*"):
            if is_partial(file) and file.name.startswith(tuple(f".{name}." for name in _FILES)):
                file.unlink(missing_ok=True)

    def save_summary(self, summary: Mapping[str, Any]) -> None:
        """Write the result."""
        self._write("summary.json", json.dumps(dict(summary), indent=1).encode())

    def remove_summary(self) -> None:
        """Remove the result: the run counts as unfinished again."""
        (self.path / "summary.json").unlink(missing_ok=True)

    def replace_config(self, config: TrainConfig) -> None:
        """Replace the configuration, for example by one with more epochs."""
        self._write("config.yaml", config.to_yaml().encode())

    def _side_record(self, name: str) -> dict[str, Any]:
        path = self.path / name
        if not path.is_file():
            return {}
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(record, dict):
                raise ValueError("it holds no record")
        except (OSError, ValueError, RecursionError) as error:
            _warn(f"{path} is damaged and is not used ({error}). Weights and metrics do not depend on it.")
            return {}
        return record

    def _write(self, name: str, content: bytes) -> None:
        """Replace a file atomically: readers, and runs after a kill, find the old content or the new, never a part."""
        replace_file(self.path / name, content, f"continue with: {self.resume_command}")

    @property
    def resume_command(self) -> str:
        """The shell command that continues the run."""
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


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Settings by `section.name`."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {f"{prefix}{name}": value}
    return flat


def _only_moved(before: Any, after: Any) -> bool:
    """Whether both are data at a user's path, which may differ between machines."""
    kinds = {name.partition(":")[0] for name in (str(before), str(after))}
    return len(kinds) == 1 and is_at_path(str(before)) and is_at_path(str(after))


def _warn(message: str) -> None:
    warnings.warn(InfomorphicWarning(message), stacklevel=3)


def _csv(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [",".join(f'"{c}"' if "," in c else c for c in columns)]
    lines += [",".join("" if row.get(c) is None else str(row[c]) for c in columns) for row in rows]
    return "\n".join(lines) + "\n"


def environment_of_process() -> dict[str, Any]:
    """The environment of a result: versions, commit, command and machine."""
    import numba
    import numpy

    return {
        "infomorphic": infomorphic.__version__,
        "commit": _commit(),
        "command": shlex.join(["infomorphic", *without_passwords(sys.argv[1:])]),
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
