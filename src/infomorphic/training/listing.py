"""List run directories and their state, reading only their small files."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from infomorphic.errors import InfomorphicError, RunError
from infomorphic.training.lock import is_locked
from infomorphic.training.run import Run

State = Literal["finished", "interrupted", "running", "damaged"]


@dataclass(frozen=True)
class ListedRun:
    """The state of a run."""

    run: str
    state: State
    preset: str | None = None
    dataset: str | None = None
    """None for a task without a data set."""
    epochs: int = 0
    """Recorded epochs."""
    epochs_configured: int = 0
    measure: str | None = None
    """The name of `result`: the score of the task, such as test_accuracy (of one sampled output); None if it has none yet."""
    result: float | None = None
    written: str = "–"
    """`result` with its unit."""
    seconds: float | None = None
    problem: str | None = None
    """What is wrong with a damaged run."""


def list_runs(folder: Path) -> list[ListedRun]:
    """The run directories in a folder, sorted by name; or the folder itself, if it is a run.

    Raises:
        RunError: if there is no such folder.
    """
    if not folder.is_dir():
        raise RunError(f"there is no folder {folder}.")
    if (folder / "config.yaml").is_file():
        return [_listed(folder)]
    return [_listed(path.parent) for path in sorted(folder.glob("*/config.yaml"))]


def state_of(path: Path, summary: Mapping[str, Any]) -> State:
    """The state of a run with this summary, which is empty if it is not finished."""
    return "running" if is_locked(path) else "finished" if summary else "interrupted"


def _listed(path: Path) -> ListedRun:
    try:
        run = Run.open(path)
        config, summary, last, seconds = run.config, run.summary, *_recorded(path)
    except (InfomorphicError, OSError, ValueError, KeyError, TypeError) as error:
        return ListedRun(str(path), "damaged", problem=str(error))
    source: Mapping[str, Any] = summary or last
    score = config.task.score
    result = None if score is None or source.get(score.metric) in (None, "") else float(source[score.metric])
    return ListedRun(
        str(path),
        state_of(path, summary),
        config.preset,
        getattr(config.data, "dataset", None),
        int(source.get("epoch") or source.get("epochs") or 0),
        config.training.epochs,
        None if score is None or result is None else score.metric,
        result,
        "–" if score is None else score.written(result),
        summary.get("seconds", seconds),
    )


def _recorded(path: Path) -> tuple[dict[str, str], float]:
    """The last row of metrics.csv and the total seconds; an empty row before the first record."""
    try:
        with (path / "metrics.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        return {}, 0.0
    return (rows[-1] if rows else {}), round(sum(float(row["seconds"]) for row in rows), 2)
