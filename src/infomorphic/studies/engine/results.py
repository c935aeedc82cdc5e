"""The results of a study as a table: one row per complete trial."""

from pathlib import Path
from typing import TYPE_CHECKING

from infomorphic.errors import StudyError
from infomorphic.files import replace_file
from infomorphic.studies.engine.report import csv_bytes
from infomorphic.studies.engine.study import MACHINE, METRICS, SECONDS, Study

if TYPE_CHECKING:
    import pandas as pd

FORMATS = (".csv", ".parquet")


def table(study: Study) -> "pd.DataFrame":
    """One row per complete trial, in the order of the cells: cell, trial, parameters, metrics, seconds, versions, machine, time, and the
    command that created the study.

    `trial` is Optuna's number of the attempt that counts. A metric recorded after every epoch has one column per epoch, such as
    `validation_accuracy@3`.
    """
    import pandas as pd

    rows = []
    for cell in study.cells():
        trial = cell.counted
        if trial is None or cell.state != "complete":
            continue
        finished = trial.datetime_complete.isoformat(timespec="seconds") if trial.datetime_complete else ""
        rows.append(
            {
                "cell": cell.number,
                "trial": trial.number,
                **study.params_of(cell.number, trial),
                **trial.user_attrs[METRICS],
                "seconds": trial.user_attrs[SECONDS],
                **trial.user_attrs[MACHINE],
                "finished": finished,
                "study": study.command,
            }
        )
    return pd.DataFrame(rows)


def export(study: Study, path: Path) -> int:
    """Write the table to a CSV or Parquet file, replacing it in one step, and return the number of rows.

    Raises:
        StudyError: if the format is not supported, or no trial is complete yet.
        FileWriteError: if the file cannot be written.
    """
    if path.suffix not in FORMATS:
        raise StudyError(f"the file name must end in {' or '.join(FORMATS)}; got {path.name!r}.")
    found = table(study)
    if found.empty:
        raise StudyError(f"no trial of the study {study.name!r} is complete yet. Run some with: infomorphic study work {study.name}")
    replace_file(
        path, csv_bytes(found) if path.suffix == ".csv" else found.to_parquet(index=False), "export again; the study has every trial"
    )
    return len(found)
