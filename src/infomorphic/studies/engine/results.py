"""The results of a study as a table: one row for each trial that is complete."""

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
    """One row for each complete trial, in the order of the cells: cell, trial, parameters, metrics, seconds, versions, machine, time, and the
    command that made the study.

    `trial` is Optuna's number of the attempt that counts. A metric that was taken after every epoch has a column an epoch, as in
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
        StudyError: if the format is another, or no trial is complete yet.
        FileWriteError: if the file cannot be written.
    """
    if path.suffix not in FORMATS:
        raise StudyError(f"a table is written as {' or '.join(FORMATS)}; got {path.name!r}.")
    found = table(study)
    if found.empty:
        raise StudyError(f"no trial of the study {study.name!r} is complete yet. Do some with: infomorphic study work {study.name}")
    replace_file(
        path, csv_bytes(found) if path.suffix == ".csv" else found.to_parquet(index=False), "export again; the study has every trial"
    )
    return len(found)
