"""A decomposition of a table as text for the terminal."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from infomorphic.cli.decomposition_record import ShownTable, numbers_of, outcomes_of, parts_of, rows_of
from infomorphic.cli.statistics_text import print_statistics
from infomorphic.pid.antichains import parse_antichain, source_names
from infomorphic.pid.words import format_bits

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from infomorphic.pid import Decomposition

_MOST_ROWS = 18
_MOST_OUTCOMES = 64


def print_decomposition(shown: ShownTable) -> None:
    """Print the atoms, the mutual informations and entropies, and how the columns were counted."""
    from rich.table import Table

    from infomorphic.cli.output import bold, console, print_first_that_fits, printable

    d = shown.decomposition
    target = printable(d.names.target)
    listed = ", ".join(f"{digit} = {printable(name)}" for digit, name in d.names.legend.items())
    out = console()
    out.print("\nInformation of ", bold(listed), " about ", bold(target), ", in bits\n", sep="")
    if d.measure.name != "sx":
        out.print(f"by {d.measure.title} ({d.measure.name})\n")
    atoms = numbers_of(d.atoms)
    largest_first = sorted(atoms, key=lambda label: -abs(atoms[label]))
    labels = list(atoms) if len(atoms) <= _MOST_ROWS else largest_first[:_MOST_ROWS]
    print_first_that_fits(out, [_table(d, labels, bar=True), _table(d, labels, bar=False)])
    if shown.by_measure:
        out.print()
        print_first_that_fits(out, [_comparison(shown.by_measure, labels)])
    if len(labels) < len(atoms):
        out.print(f"the {len(labels)} largest of {len(atoms)} atoms; --json prints all")
    table = Table(box=None, pad_edge=False, show_header=False)
    for label, value in numbers_of(d.mutual_information).items():
        (members,) = parse_antichain(label, source_names(d.num_sources))
        table.add_row(printable(d.names.information(members)), format_bits(value))
    table.add_row(f"H({target})", format_bits(float(d.target_entropy)))
    table.add_row(f"H({target} | all sources)", format_bits(float(d.residual_entropy)))
    out.print()
    print_first_that_fits(out, [table])
    out.print()
    for assessment in shown.assessed.values():
        print_statistics(assessment, labels, out)
    if shown.described:
        for line in shown.sentences(_MOST_ROWS):
            out.print(printable(line))
        out.print()
    first, *others = counted(shown)
    out.print(first)
    for line in others:
        out.print(f"  {printable(line)}")
    if shown.pointwise:
        _print_outcomes(shown, labels, out)


def counted(shown: ShownTable) -> list[str]:
    """How many observations or outcomes there are, then how each variable was counted."""
    estimate = shown.estimate
    if shown.from_samples:
        dropped = f", {estimate.num_dropped} rows left out" if estimate.num_dropped else ""
        cells = f"{len(estimate.cells)} occupied cells, {estimate.observations_per_cell:.1f} per cell{dropped}"
        first = f"{estimate.observations} observations in {cells}"
    else:
        first = f"a pmf of {len(estimate.cells)} outcomes"
    return [first, *(f"{binning} ({column})" for binning, column in zip(estimate.binning, shown.columns, strict=True))]


def _table(d: Decomposition, labels: list[str], *, bar: bool) -> Table:
    """The atoms, each with a bar if there is room."""
    from rich.table import Table

    from infomorphic.cli.output import signed_bar

    table = Table(box=None, pad_edge=False)
    parts = parts_of(d)
    headings = ["atom", "bits", *([""] if bar else []), *parts, "redundancy I∩"]
    for heading in headings:
        table.add_column(heading, justify="left" if heading in ("atom", "") else "right", no_wrap=True)
    largest = max(abs(float(d.atoms[label])) for label in labels)
    for label in labels:
        value = float(d.atoms[label])
        numbers = [float(part[label]) for part in (*parts.values(), d.redundancies)]
        table.add_row(label, format_bits(value), *([signed_bar(value, largest)] if bar else []), *map(format_bits, numbers))
    return table


def _comparison(by_measure: dict[str, Decomposition], labels: list[str]) -> Table:
    """The atoms by every measure."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title="atoms by each measure, in bits", title_justify="left")
    for heading in ("atom", *by_measure):
        table.add_column(heading, justify="left" if heading == "atom" else "right", no_wrap=True)
    for label in labels:
        table.add_row(label, *(format_bits(float(d.atoms[label])) for d in by_measure.values()))
    return table


def _print_outcomes(shown: ShownTable, labels: list[str], out: Console) -> None:
    """The first outcomes, each with the atoms in `labels`; no other atoms are computed."""
    from rich.table import Table

    from infomorphic.cli.output import print_first_that_fits, printable

    count = len(shown.estimate.cells)
    table = Table(box=None, pad_edge=False, title="each outcome, in bits", title_justify="left")
    for heading in (*shown.decomposition.names.sources, shown.decomposition.names.target):
        table.add_column(printable(heading), justify="left", no_wrap=True)
    for heading in ("p", *labels):
        table.add_column(heading, justify="right", no_wrap=True)
    atoms = rows_of(shown.decomposition.pointwise.atoms, labels)
    for (outcome, probability), row in islice(zip(outcomes_of(shown), atoms, strict=True), _MOST_OUTCOMES):
        table.add_row(*(printable(str(value)) for value in outcome), f"{probability:.4g}", *map(format_bits, row.values()))
    out.print()
    print_first_that_fits(out, [table])
    of_all = len(shown.decomposition.atoms)
    if count > _MOST_OUTCOMES or of_all > len(labels):
        out.print(f"{min(_MOST_OUTCOMES, count)} of {count} outcomes and {len(labels)} of {of_all} atoms; --json prints all")
