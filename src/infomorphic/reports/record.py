"""Read as much of a run as possible, however incomplete: every file on its own, with problems reported in words."""

import csv
import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from infomorphic.analysis.trained import Trained
from infomorphic.errors import DataError, InfomorphicError, InfomorphicWarning, RunError
from infomorphic.goals import Goal
from infomorphic.networks.network import Classifier, InfomorphicNetwork
from infomorphic.training import Run, TrainConfig
from infomorphic.training.checkpoint import Checkpoint
from infomorphic.training.development import Development
from infomorphic.training.evaluation import trained_run
from infomorphic.training.exhibits import Exhibit
from infomorphic.training.history import History
from infomorphic.training.own_files import changed_files
from infomorphic.training.preset import default_preset
from infomorphic.training.rebuild import goals_by_layer, rebuilt
from infomorphic.training.task import Task, layers_of
from infomorphic.training.yaml_text import read_yaml


@dataclass(eq=False)
class RunRecord:
    """The files of a run directory."""

    path: Path
    raw_config: dict[str, Any]
    """The configuration as written in config.yaml, whatever version wrote it."""
    environment: dict[str, Any]
    summary: dict[str, Any]
    metrics: list[dict[str, float]]
    config: TrainConfig | None = None
    checkpoint: Checkpoint | None = None
    history: History = field(default_factory=History)
    development: Development = field(default_factory=Development)
    network: Classifier | None = None
    """A classifier, even if its data are missing."""
    built: InfomorphicNetwork | None = None
    """The layers of any network, even of one that is not a classifier."""
    goals: dict[str, Goal] = field(default_factory=dict)
    """The goal of every layer that has one."""
    exhibits: Sequence[Exhibit] = ()
    """What the task shows besides numbers."""
    trained: Trained | None = None
    problems: list[str] = field(default_factory=list)
    """Sentences about what is missing or cannot be read, and what the report therefore lacks."""

    @property
    def preset(self) -> str:
        """The name of the preset, as written."""
        return str(self.raw_config.get("preset", default_preset().name))

    @property
    def task(self) -> type[Task[Any, Any, Any, Any]] | None:
        """The task of the network; None if this version does not know it."""
        return self.config.task if self.config is not None else None

    @property
    def pursues_goals(self) -> bool:
        """Whether layers with a goal were trained to reach it."""
        return self.config is None or self.config.task.pursues_goals(self.config.sections)

    def setting(self, section: str, name: str, default: Any = None) -> Any:
        """A setting of the run."""
        if self.config is not None:
            return getattr(getattr(self.config, section), name, default)
        found = self.raw_config.get(section)
        return found.get(name, default) if isinstance(found, dict) else default


def read_run(path: Path, data_dir: Path | None = None) -> RunRecord:
    """Read everything possible from a run.

    Raises:
        RunError: if there is no run directory at `path`.
    """
    with _without_known_warnings():
        record, run = _read_files(path)
        if run is None:
            record.problems[-1] += " The report shows what is in its files, without single neurons."
        else:
            _read_trained(record, run, data_dir)
    if not record.metrics:
        record.problems.append("There are no learning curves, because no epoch was recorded.")
    elif record.config is not None and not record.summary:
        record.problems.append(f"The run is not finished: epoch {int(record.metrics[-1]['epoch'])} of {record.config.training.epochs}.")
    return record


def read_progress(path: Path) -> RunRecord:
    """Read what a training has recorded so far: quickly, without its weights and data.

    Raises:
        RunError: if there is no run directory at `path`.
    """
    with _without_known_warnings():
        record, run = _read_files(path)
        if run is None:
            return record
        # A network of one's own may not be one for any size of data: its goals are shown as written.
        with suppress(InfomorphicError):
            record.goals = goals_by_layer(run.config.task.rebuild(run.config.with_training(device="cpu").sections, {}))
        try:
            record.development = run.load_development()
        except InfomorphicError as error:
            record.problems.append(str(error))
    return record


@contextmanager
def _without_known_warnings() -> Iterator[None]:
    """Without warnings of what is among the problems anyway."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r".*environment\.json is damaged|.* has changed since .* was made", InfomorphicWarning)
        yield


def _read_files(path: Path) -> tuple[RunRecord, Run | None]:
    """The small files of a run; without a run if its configuration cannot be read, which is then the last problem."""
    if not path.is_dir():
        raise RunError(f"there is no run directory {path}.")
    if not (path / "config.yaml").is_file():
        raise RunError(f"{path} is not a run directory: it has no config.yaml.")
    problems: list[str] = []
    record = RunRecord(
        path,
        _mapping(path / "config.yaml", _read_config, problems),
        _mapping(path / "environment.json", json.loads, problems),
        _mapping(path / "summary.json", json.loads, problems),
        _metrics(path / "metrics.csv", problems),
        problems=problems,
    )
    try:
        run = Run.open(path)
        record.config = run.config
        record.summary = _numbers_of(record.summary, problems, record.config.task)
        changed = changed_files(record.config, record.environment.get("files"))
        problems += [f"{file} has changed since the run was made; the page shows what it makes of the weights now." for file in changed]
        if run.has_begun and (unwritten := run.unwritten_settings()):
            problems.append(f"config.yaml lacks settings; their defaults are used: {', '.join(unwritten)}.")
    except InfomorphicError as error:
        record.summary = _numbers_of(record.summary, problems)
        problems.append(str(error))
        return record, None
    return record, run


def _read_trained(record: RunRecord, run: Run, data_dir: Path | None) -> None:
    """Read the checkpoint, history, network and data, as far as they exist."""
    try:
        record.checkpoint = run.load_checkpoint()
    except InfomorphicError as error:
        record.problems.append(f"{error} The report has no section on single neurons.")
        try:
            record.goals = goals_by_layer(run.config.task.rebuild(run.config.sections, {}))
        except InfomorphicError as unbuilt:  # a network of one's own may not be one for any size of data
            record.problems.append(f"The goals of its layers are unknown: {unbuilt}")
        return
    # The metrics in a checkpoint belong to its network; metrics.csv may lack a row or be missing.
    record.metrics = [{name: float(v) for name, v in row.items() if v is not None} for row in record.checkpoint.metrics]
    if record.summary.get("epochs", record.checkpoint.epoch) != record.checkpoint.epoch:
        record.summary = {}  # the summary is from before the run was extended
    try:
        record.history = run.load_history(record.checkpoint)
    except InfomorphicError as error:
        record.problems.append(str(error))
    try:
        record.development = run.load_development(record.checkpoint)
    except InfomorphicError as error:
        record.problems.append(str(error))
    try:
        network = rebuilt(run.config, record.checkpoint)
        record.goals = goals_by_layer(network)
        record.built = layers_of(network)
        record.exhibits = run.config.task.exhibits(trained_run(run, data_dir), network, record.development)
        if not isinstance(network, Classifier):
            _check_config(record, run)
            return
        try:
            record.trained = Trained.load(run, data_dir)
            record.network = record.trained.network
        except DataError as error:
            record.network = network
            record.problems.append(
                f"The data set is missing: {error} The report shows weights and recorded values; nothing is measured again."
            )
            _check_config(record, run)
    except InfomorphicError as error:
        record.problems.append(f"The network cannot be rebuilt: {error} The report has no section on single neurons.")


def _check_config(record: RunRecord, run: Run) -> None:
    """Add a problem if the configuration is not what was trained."""
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


def _numbers_of(summary: dict[str, Any], problems: list[str], task: type[Task[Any, Any, Any, Any]] | None = None) -> dict[str, Any]:
    """The summary without entries of the wrong type. Fields that the summary of a task declares as `str` are text."""
    declared = [] if task is None else [f.name for f in fields(task.Summary) if f.type in (str, "str")]
    kinds: dict[str, type] = {**dict.fromkeys(("run", "preset", "goal", "dataset", "learning", *declared), str), "layers": dict}
    wrong = [k for k, v in summary.items() if not (v is None or isinstance(v, kinds.get(k, int | float)))]
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
