"""The report of a table: one page that says what its columns provide, and how sure that is."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from infomorphic.errors import TableError
from infomorphic.files import replace_file
from infomorphic.pid import Decomposition
from infomorphic.pid.antichains import parse_antichain, source_names
from infomorphic.pid.words import format_bits
from infomorphic.plots import save_decomposition
from infomorphic.reports.rendering import asset, render
from infomorphic.statistics import Assessment

_MOST_ATOMS = 18
_MOST_DRAWN_SOURCES = 4
_NOT_ASKED = "No test and no interval was asked for."


def write_table_report(
    d: Decomposition,
    out: Path,
    *,
    assessment: Assessment | None = None,
    by_measure: Mapping[str, Decomposition] | None = None,
    facts: Sequence[str] = (),
    title: str = "",
) -> Path:
    """Write one self-contained page: sentences, the figure, every atom and information with its statistics, and the data.

    Args:
        d: a decomposition of samples or of a pmf, without a batch.
        out: the file to write.
        assessment: how sure it is.
        by_measure: the decompositions by other measures, to compare them.
        facts: sentences on the data and on how the columns were counted.
        title: the heading; by default the quantity.

    Returns:
        The file.

    Raises:
        TableError: if the folder of `out` does not exist, or `out` is a folder.
    """
    if out.is_dir() or not out.parent.is_dir():
        raise TableError(f"`report` must be a file in a folder that exists; got {out}.")
    sentences = d.describe(most=_MOST_ATOMS) if assessment is None else assessment.describe(most=_MOST_ATOMS)
    quantity = d.names.information(range(d.num_sources))
    html = render(
        ("infomorphic.reports", "templates", "table.html.j2"),
        {},
        style=asset("style.css"),
        title=title or quantity,
        total=sentences[0],
        sentences=sentences[1:],
        legend=d.names.legend,
        target=d.names.target,
        figure=_figure(d, assessment),
        headings=_headings(assessment),
        rows=_rows(d, assessment),
        left_out=max(0, len(d.atoms) - _MOST_ATOMS),
        measures=_comparison(d, by_measure or {}),
        measure=d.measure,
        facts=[*([_NOT_ASKED] if assessment is None else [f"{line}." for line in assessment.how()]), *facts],
    )
    replace_file(out, html.encode(), "write the report again")
    return out


def _figure(d: Decomposition, assessment: Assessment | None) -> str:
    """The figure as SVG; none for five sources."""
    if d.num_sources > _MOST_DRAWN_SOURCES:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figure.svg"
        save_decomposition(d, path, **(assessment.ranges if assessment is not None else {}))
        svg = path.read_text(encoding="utf-8")
    return svg[svg.index("<svg") :]


_COLUMNS = {
    "null_mean": "by chance",
    "null_low": "2.5 % of chance",
    "null_high": "97.5 % of chance",
    "p": "p",
    "p_holm": "p (Holm)",
    "low": "95 % from",
    "high": "to",
    "corrected": "corrected",
}


def _headings(assessment: Assessment | None) -> list[str]:
    asked = [] if assessment is None else list(assessment.to_frame().columns)
    return ["", "bits", *(text for name, text in _COLUMNS.items() if name in asked)]


def _largest(d: Decomposition) -> list[str]:
    """The labels of the largest atoms, in the order of the lattice."""
    largest = sorted(d.atoms, key=lambda label: -abs(float(d.atoms[label])))[:_MOST_ATOMS]
    return [label for label in d.atoms if label in largest]


def _rows(d: Decomposition, assessment: Assessment | None) -> list[list[str]]:
    """The largest atoms in the order of the lattice, then every mutual information."""
    labels = _largest(d)
    names = {label: label for label in labels}
    for label in d.mutual_information:
        (members,) = parse_antichain(label, source_names(d.num_sources))
        names[f"I{label}"] = d.names.information(members)
    bits = {**{label: float(d.atoms[label]) for label in labels}, **{f"I{k}": float(v) for k, v in d.mutual_information.items()}}
    if assessment is None:
        return [[name, format_bits(bits[label])] for label, name in names.items()]
    asked = [name for name in _COLUMNS if name in assessment.to_frame().columns]
    record = assessment.record()

    def shown(name: str, values: dict[str, float]) -> str:
        if name not in values:
            return "–"
        return f"{values[name]:.2g}" if name in ("p", "p_holm") else format_bits(values[name])

    return [[name, format_bits(bits[label]), *(shown(a, record[label]) for a in asked)] for label, name in names.items()]


def _comparison(d: Decomposition, by_measure: Mapping[str, Decomposition]) -> dict[str, Any]:
    """The atoms by every measure."""
    labels = _largest(d)
    return {
        "names": {name: other.measure.title for name, other in by_measure.items()},
        "rows": [[label, *(format_bits(float(other.atoms[label])) for other in by_measure.values())] for label in labels],
    }
