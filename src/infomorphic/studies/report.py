"""The report of a study: figures as PNG and SVG, the data behind them as CSV, and a short text that says what they show."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from infomorphic.errors import StudyError
from infomorphic.files import replace_file
from infomorphic.studies.definition import Definition
from infomorphic.studies.results import csv_bytes, table
from infomorphic.studies.study import Status, Study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


class Report:
    """Collects what a kind of study has to show, and writes it into a folder."""

    def __init__(self, title: str):
        self.title = title
        self.paragraphs: list[str] = []
        self.figures: dict[str, Figure] = {}
        self.tables: dict[str, pd.DataFrame] = {}

    def say(self, paragraph: str) -> None:
        """Add a paragraph of Markdown to the text."""
        self.paragraphs.append(paragraph)

    def show(self, name: str, figure: "Figure") -> None:
        """Add a figure."""
        self.figures[name] = figure
        self.say(f"![{name.replace('-', ' ')}]({name}.png)")

    def keep(self, name: str, data: "pd.DataFrame") -> None:
        """Add a table of data."""
        self.tables[name] = data

    def list_table(self, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Add a table to the text."""
        lines = [f"| {' | '.join(headings)} |", f"|{' --- |' * len(headings)}", *(f"| {' | '.join(map(_cell, row))} |" for row in rows)]
        self.say("\n".join(lines))

    def write(self, folder: Path) -> list[Path]:
        """Write everything into a folder, which is made if it does not exist, and return the files."""
        from infomorphic.plots.figures import save_figure

        folder.mkdir(parents=True, exist_ok=True)
        written = [path for name, figure in self.figures.items() for path in save_figure(figure, folder, name)]
        for name, data in self.tables.items():
            replace_file(folder / f"{name}.csv", csv_bytes(data))
            written.append(folder / f"{name}.csv")
        text = folder / "report.md"
        replace_file(text, ("\n\n".join([f"# {self.title}", *self.paragraphs]) + "\n").encode())
        return [text, *written]


def _cell(value: object) -> str:
    """A value in a table of Markdown, where a bar would begin the next cell."""
    return " ".join(str(value).split()).replace("|", "\\|")


def report(study: Study) -> Report:
    """The report of a study as it stands.

    Raises:
        StudyError: if no trial is complete yet.
    """
    found = table(study)
    if found.empty:
        raise StudyError(f"no trial of the study {study.name!r} is complete yet. Do some with: infomorphic study work {study.name}")
    written = Report(f"{study.name}: {study.kind.summary.rstrip('.')}")
    written.say(provenance(study.definition, study.status(), found))
    study.kind.report(study.settings, found, written)
    written.keep("trials", found)
    return written


def provenance(definition: Definition, status: Status, found: "pd.DataFrame") -> str:
    """How complete a study is, and what made its results."""
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
            {f"{p}, {c} cores, {t} thread(s) a worker" for p, c, t in zip(found["platform"], found["cores"], found["threads"], strict=True)}
        )
    )
    mixed = " **The trials were made by different code.**" if len(set(found["checksum"])) > 1 else ""
    return (
        f"{status.complete} of {status.total} trials are complete{rest}; together they took {found['seconds'].sum() / 3600:.2f} core hours.{mixed}\n\n"
        f"Kind `{definition.kind}`: {settings}. Made by {code} on {machines}."
    )
