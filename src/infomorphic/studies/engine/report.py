"""The report of a study: figures as PNG and SVG, the data behind them as CSV, and a short text."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from infomorphic.files import replace_file
from infomorphic.text import csv_value

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def csv_bytes(data: "pd.DataFrame") -> bytes:
    """A table as CSV in which no text can act as a formula; Parquet distinguishes text and does not need this."""
    return data.rename(columns=csv_value).map(csv_value).to_csv(index=False, lineterminator="\n").encode()


class Report:
    """Collects the results that a kind of study shows, and writes them into a folder."""

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
        """Write everything into a folder, which is created if missing, and return the files."""
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
    """A value in a Markdown table, where an unescaped bar would begin the next cell."""
    return " ".join(str(value).split()).replace("|", "\\|")
