"""How sure a decomposition is, as text for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infomorphic.pid.antichains import parse_antichain, source_names
from infomorphic.pid.words import format_bits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from infomorphic.statistics import Assessment


def print_statistics(a: Assessment, labels: Sequence[str], out: Console) -> None:
    """Print the statistics of some atoms and of every mutual information, and how they were found."""
    from infomorphic.cli.output import print_first_that_fits, printable

    print_first_that_fits(out, [_table(a, labels, null=True), _table(a, labels, null=False)])
    for line in a.how():
        out.print(printable(line))
    out.print()


def _table(a: Assessment, labels: Sequence[str], *, null: bool) -> Table:
    """One row per atom and per mutual information, with the null distribution if there is room."""
    from rich.table import Table

    from infomorphic.cli.output import printable

    d, record = a.decomposition, a.record()
    names = {label: label for label in labels}
    for label in d.mutual_information:
        (members,) = parse_antichain(label, source_names(d.num_sources))
        names[f"I{label}"] = d.names.information(members)
    columns = {
        "by chance": lambda of: f"{format_bits(of['null_mean'])}",
        "95 % of chance": lambda of: _range(of["null_low"], of["null_high"]),
        "p": lambda of: f"{of['p']:.2g}",
        "p (Holm)": lambda of: f"{of['p_holm']:.2g}",
        "95 % interval": lambda of: _range(of["low"], of["high"]),
        "corrected": lambda of: format_bits(of["corrected"]) if "corrected" in of else "–",
    }
    asked = {
        "by chance": a.null is not None and null,
        "95 % of chance": a.null is not None and null,
        "p": a.null is not None,
        "p (Holm)": a.p_holm is not None,
        "95 % interval": a.over is not None,
        "corrected": a.correction != "none",
    }
    shown = [name for name, is_asked in asked.items() if is_asked]
    title = "how sure" if d.measure.name == "sx" else f"how sure, by {d.measure.name}"
    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for heading in ("", "bits", *shown):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    for label, name in names.items():
        of = record[label]
        table.add_row(printable(name), format_bits(of["bits"]), *(columns[heading](of) for heading in shown))
    return table


def _range(low: float, high: float) -> str:
    return f"{format_bits(low)} … {format_bits(high)}"
