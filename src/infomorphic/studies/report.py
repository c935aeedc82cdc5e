"""The report of a study: figures as PNG and SVG, the data behind them as CSV, and a short text that says what they show."""

from typing import TYPE_CHECKING

from infomorphic.errors import StudyError
from infomorphic.studies.engine.definition import Definition
from infomorphic.studies.engine.report import Report
from infomorphic.studies.engine.results import table
from infomorphic.studies.engine.study import Status, Study

if TYPE_CHECKING:
    import pandas as pd


def report(study: Study) -> Report:
    """The report of the current results of a study.

    Raises:
        StudyError: if no trial is complete yet.
    """
    found = table(study)
    if found.empty:
        raise StudyError(f"no trial of the study {study.name!r} is complete yet. Run some with: infomorphic study work {study.name}")
    written = Report(f"{study.name}: {study.kind.summary.rstrip('.')}")
    written.say(provenance(study.definition, study.status(), found))
    study.kind.report(study.settings, found, written)
    written.keep("trials", found)
    return written


def provenance(definition: Definition, status: Status, found: "pd.DataFrame") -> str:
    """How complete a study is, and which code and machines produced its results."""
    settings = ", ".join(
        f"{key} = {','.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in definition.settings.items()
        if value != []
    )
    rest = (
        ""
        if status.complete == status.total
        else f" ({status.pruned} pruned, {status.failed} failed, {status.running + status.pending} not done)"
    )
    code = ", ".join(sorted({f"infomorphic {v}{f' at {c}' if c else ''}" for v, c in zip(found["version"], found["commit"], strict=True)}))
    machines = ", ".join(
        sorted(
            {
                f"{p}, {c} cores, {t} thread(s) per worker"
                for p, c, t in zip(found["platform"], found["cores"], found["threads"], strict=True)
            }
        )
    )
    mixed = " **The trials were made by different code.**" if len(set(found["checksum"])) > 1 else ""
    return (
        f"{status.complete} of {status.total} trials are complete{rest}; together they took {found['seconds'].sum() / 3600:.2f} core hours.{mixed}\n\n"
        f"Kind `{definition.kind}`: {settings}. Made by {code} on {machines}."
    )
