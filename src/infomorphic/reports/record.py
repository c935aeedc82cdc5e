"""What can be read of a run, however incomplete: every file on its own, and in words what could not be."""

import csv
import json
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infomorphic.analysis.trained import Trained
from infomorphic.errors import DataError, InfomorphicError, InfomorphicWarning, RunError
from infomorphic.goals import Goal
from infomorphic.networks.network import Classifier
from infomorphic.training import Run, TrainConfig
from infomorphic.training.checkpoint import Checkpoint
from infomorphic.training.history import History
from infomorphic.training.rebuild import goals_by_layer, rebuilt
from infomorphic.training.task import Field, Task
from infomorphic.training.yaml_text import read_yaml


@dataclass(eq=False)
class RunRecord:
    """The files of a run directory."""

    path: Path
    raw_config: dict[str, Any]
    """As it is in config.yaml, whatever version wrote it."""
    environment: dict[str, Any]
    summary: dict[str, Any]
    metrics: list[dict[str, float]]
    config: TrainConfig | None = None
    checkpoint: Checkpoint | None = None
    history: History = field(default_factory=History)
    network: Classifier | None = None
    """A classifier, also if its data are missing."""
    goals: dict[str, Goal] = field(default_factory=dict)
    """The goal of every layer that has one."""
    fields: list[Field] = field(default_factory=list)
    """Receptive fields with captions, of a task whose neurons are not analyzed one by one."""
    trained: Trained | None = None
    problems: list[str] = field(default_factory=list)
    """What is missing or cannot be read, and what the report therefore lacks: a sentence each."""

    @property
    def preset(self) -> str:
        """The name of the preset, as written."""
        return str(self.raw_config.get("preset", "setup-1"))

    @property
    def task(self) -> type[Task[Any, Any, Any, Any]] | None:
        """What the network was trained for; None if this version does not know."""
        return self.config.task if self.config is not None else None

    def setting(self, section: str, name: str, default: Any = None) -> Any:
        """A setting, as the run has it."""
        if self.config is not None:
            return getattr(getattr(self.config, section), name, default)
        found = self.raw_config.get(section)
        return found.get(name, default) if isinstance(found, dict) else default


def read_run(path: Path, data_dir: Path | None = None) -> RunRecord:
    """Everything that can be read of a run.

    Raises:
        RunError: if there is no run directory at `path`.
    """
    if not path.is_dir():
        raise RunError(f"there is no run directory {path}.")
    if not (path / "config.yaml").is_file():
        raise RunError(f"{path} is not a run directory: it has no config.yaml.")
    problems: list[str] = []
    record = RunRecord(
        path,
        _mapping(path / "config.yaml", _read_config, problems),
        _mapping(path / "environment.json", json.loads, problems),
        _numbers_of(_mapping(path / "summary.json", json.loads, problems), problems),
        _metrics(path / "metrics.csv", problems),
        problems=problems,
    )
    with warnings.catch_warnings():
        # That is among the problems already.
        warnings.filterwarnings("ignore", r".*environment\.json is damaged", InfomorphicWarning)
        try:
            run = Run.open(path)
            record.config = run.config
            if run.has_begun and (unwritten := run.unwritten_settings()):
                problems.append(f"config.yaml lacks settings; their defaults are used: {', '.join(unwritten)}.")
        except InfomorphicError as error:
            problems.append(f"{error} Shown is what is written in its files; nothing can be said of single neurons.")
        else:
            _read_trained(record, run, data_dir)
    if not record.metrics:
        problems.append("There are no learning curves: no epoch is recorded.")
    elif record.config is not None and not record.summary:
        problems.append(f"The run is not finished: epoch {int(record.metrics[-1]['epoch'])} of {record.config.training.epochs}.")
    return record


def _read_trained(record: RunRecord, run: Run, data_dir: Path | None) -> None:
    """Checkpoint, history, network and data, as far as there are any."""
    try:
        record.checkpoint = run.load_checkpoint()
    except InfomorphicError as error:
        record.problems.append(f"{error} Nothing can be said of single neurons.")
        record.goals = goals_by_layer(run.config.task.rebuild(run.config.sections, {}))
        return
    # The metrics in a checkpoint are those of its network; the table beside it may lack a row, or be gone.
    record.metrics = [{name: float(v) for name, v in row.items() if v is not None} for row in record.checkpoint.metrics]
    if record.summary.get("epochs", record.checkpoint.epoch) != record.checkpoint.epoch:
        record.summary = {}  # of the run before it was extended
    try:
        record.history = run.load_history(record.checkpoint)
    except InfomorphicError as error:
        record.problems.append(str(error))
    try:
        network = rebuilt(run.config, record.checkpoint)
        record.goals = goals_by_layer(network)
        record.fields = run.config.task.fields(run.config.sections, network)
        if not isinstance(network, Classifier):
            _check_config(record, run)
            return
        try:
            record.trained = Trained.load(run, data_dir)
            record.network = record.trained.network
        except DataError as error:
            record.network = network
            record.problems.append(f"The data set is missing: {error} Shown are weights and what was recorded; nothing is measured anew.")
            _check_config(record, run)
    except InfomorphicError as error:
        record.problems.append(f"The network cannot be rebuilt: {error} Nothing can be said of single neurons.")


def _check_config(record: RunRecord, run: Run) -> None:
    """Add it to the problems if the configuration is not what was trained."""
    assert record.checkpoint is not None
    try:
        run.check_config(record.checkpoint)
    except InfomorphicError as error:
        record.problems.append(str(error))


def _read_config(text: str) -> Any:
    return read_yaml(text, "config.yaml")


def _mapping(path: Path, parse: Any, problems: list[str]) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        problems.append(f"{path.name} is damaged and cannot be read ({' '.join(str(error).split())}).")
        return {}
    if not isinstance(found, dict):
        problems.append(f"{path.name} is damaged: it holds no record.")
        return {}
    return found


def _numbers_of(summary: dict[str, Any], problems: list[str]) -> dict[str, Any]:
    """A summary without the entries that are not of their type: all but four are numbers."""
    text = ("run", "preset", "goal", "dataset")
    wrong = [k for k, v in summary.items() if not (v is None or isinstance(v, str if k in text else int | float))]
    if wrong:
        problems.append(f"summary.json is damaged: {', '.join(wrong)} cannot be read.")
    return {name: value for name, value in summary.items() if name not in wrong}


def _metrics(path: Path, problems: list[str]) -> list[dict[str, float]]:
    if not path.is_file():
        return []
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = [{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(file)]
    except (OSError, ValueError, TypeError, AttributeError, csv.Error) as error:
        problems.append(f"metrics.csv is damaged and cannot be read ({error}).")
        return []
    return [row for row in rows if "epoch" in row]
