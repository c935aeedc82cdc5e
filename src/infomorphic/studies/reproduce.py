"""Run the studies of a reproduction in order, and report each."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from infomorphic.errors import StudyError
from infomorphic.studies.engine.results import table
from infomorphic.studies.engine.storage import embedded
from infomorphic.studies.engine.study import Status, Study
from infomorphic.studies.engine.supervise import work_in_processes
from infomorphic.studies.engine.worker import WorkOptions
from infomorphic.studies.report import report
from infomorphic.studies.reproductions import Reproduction, Stage

if TYPE_CHECKING:
    import pandas as pd


class Reproduced(NamedTuple):
    """A study that was completed and reported."""

    study: str
    folder: Path
    complete: int
    failed: int


def reproduce(
    what: Reproduction,
    out: Path,
    *,
    quick: bool = False,
    storage: str | None = None,
    workers: int | None = None,
    options: WorkOptions | None = None,
    on_status: Callable[[Status], None] | None = None,
) -> list[Reproduced]:
    """Run or resume the studies of a figure, and write figures, data and text of each into a folder of its own.

    Args:
        what: the figure or table.
        out: the folder for all reproductions.
        quick: whether to use a small version that takes minutes; its numbers cannot be compared with the publication.
        storage: the address of one storage for all studies; default: a file in each study's folder.
        workers: number of processes.
        options: the options of the workers.
        on_status: called repeatedly.

    Raises:
        StudyError: as `Study.create` and `work_in_processes`, and if every trial of a study failed.
    """
    done: list[Reproduced] = []
    before: pd.DataFrame | None = None
    for stage in what.stages(quick):
        folder = out / "quick" / stage.name if quick else out / stage.name
        study = _study(stage, folder, storage, quick, before)
        work_in_processes(study, workers, options, on_status=on_status)
        status = study.status()
        if status.complete == 0:
            raise StudyError(f"every trial of {study.name} has failed: {status.failures[0] if status.failures else 'no reason is known'}")
        before = table(study)
        written = report(study)
        if quick:
            written.say("This is the quick size, which only shows that everything works. Do not compare it with the publication.")
        written.write(folder)
        done.append(Reproduced(study.name, folder, status.complete, status.failed))
    return done


def _study(stage: Stage, folder: Path, storage: str | None, quick: bool, before: "pd.DataFrame | None") -> Study:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{stage.name}-quick" if quick else stage.name
    settings = stage.settings(before)
    if getattr(settings, "pruner", "none") != "none":
        raise StudyError(f"{stage.name} must not prune trials, because the published searches did not.")
    return Study.create(name, stage.kind_name, settings, url=storage or embedded(folder), trials=stage.trials)
