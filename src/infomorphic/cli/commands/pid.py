"""`infomorphic pid`: decompose a table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from infomorphic.errors import TableError, did_you_mean

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from infomorphic.pid import Decomposition, PointwiseValues
    from infomorphic.pid.provenance import Estimate

_MOST_ROWS = 18
_MOST_OUTCOMES = 64
_MOST_NUMBERS = 10_000_000

_EXAMPLE = """
Example: `infomorphic pid examples/neuron.csv --target spike --sources stimulus,context,neighbour --bins 8`
"""


def pid(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV, Excel, Parquet, Feather, NPZ or MAT: one row per observation or, with --probability, one row per outcome."
        ),
    ],
    target: Annotated[str, typer.Option("--target", "-t", help="The target column: the information is about it. A+B is a joint variable.")],
    sources: Annotated[
        list[str],
        typer.Option(
            "--sources",
            "-s",
            help="The source columns, as A,B,C; A+B is one joint source. May be repeated. "
            "A name with a comma has quotation marks as in CSV: '\"level, mg\",B'.",
        ),
    ],
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="The sheet of an Excel workbook, if several have entries.")
    ] = None,
    bins: Annotated[
        list[str] | None,
        typer.Option(
            "--bins",
            "-b",
            help="How to discretize columns of real numbers: K bins of equal width, mass:K of equal mass, range:K:LOW:HIGH, "
            "edges:E0:E1:…, or categories. COLUMN=… sets one column, whole numbers included; repeat it for others.",
        ),
    ] = None,
    probability: Annotated[str | None, typer.Option("--probability", "-p", help="The column with the probability of each outcome.")] = None,
    weights: Annotated[
        str | None,
        typer.Option("--weights", "-w", help="The column with the weight of each row. Whole numbers are counts of observations."),
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(
            "--measure",
            "-m",
            metavar="NAME",
            help="The measure of redundancy: sx (shared exclusions; the default), min, mmi, pm, ccs, broja, or all to compare them; "
            "or FILE.py:NAME, one of your own.",
        ),
    ] = None,
    normalize: Annotated[bool, typer.Option("--normalize", help="Divide the probabilities by their sum.")] = False,
    missing: Annotated[bool, typer.Option("--drop-missing", help="Leave out rows with missing values.")] = False,
    pointwise: Annotated[bool, typer.Option("--pointwise", help="Also decompose the information of each outcome.")] = False,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw the decomposition into this file (PNG, SVG or PDF).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Decompose the information that source columns of a table carry about a target column."""
    from infomorphic.estimation import decompose_table, describe_columns, parse_names, read_table

    if plot is not None:
        from infomorphic.plots import check_format

        check_format(plot)
    of_target = _only(parse_names([target]), target)
    names = parse_names(sources)
    if len(names) == 5 and plot is not None:
        raise TableError("--plot draws up to four sources; the lattice of five has 7579 antichains. Leave out --plot or a source.")
    choices = _bins(bins or [])
    chosen_measure = _measure(measure or "sx", pointwise)
    table = read_table(file, sheet=sheet)
    decomposition = decompose_table(
        table,
        of_target,
        names,
        bins=choices,
        measure="sx" if chosen_measure == "all" else chosen_measure,
        probability=probability,
        weights=weights,
        normalize=normalize,
        missing="drop" if missing else "error",
    )
    columns = [str(c) for c in describe_columns(table, [*names, of_target])]
    shown = _Shown(decomposition, of_target, names, columns, not probability, _by_measure(decomposition, chosen_measure))
    if json:
        from infomorphic.cli.output import print_json

        print_json(_record(shown, pointwise))
    else:
        _print(shown, pointwise)
    if plot is not None:
        from infomorphic.plots import save_decomposition

        save_decomposition(decomposition, plot, names=names, target=of_target)
        if not json:
            typer.echo(f"\nDrawn in {plot}")


pid.__doc__ = f"{pid.__doc__}\n{_EXAMPLE}"


class _Shown(NamedTuple):
    """A decomposition and the names of its parts."""

    decomposition: Decomposition
    target: str
    sources: list[str]
    columns: list[str]
    """The columns of each variable, the target last."""
    from_samples: bool
    by_measure: dict[str, Decomposition]
    """The decomposition by every measure, if they are compared."""

    @property
    def estimate(self) -> Estimate:
        assert self.decomposition.estimate is not None
        return self.decomposition.estimate


def _measure(name: str, pointwise: bool) -> str:
    """The name of a measure, or "all"."""
    from infomorphic import plugins
    from infomorphic.pid import PointwiseMeasure, builtin_measures
    from infomorphic.pid.measures import GROUP, resolve_measure

    if name == "all":
        return name
    known = builtin_measures()
    if name not in known and not plugins.is_reference(name) and name not in (installed := plugins.installed(GROUP)):
        names = [*known, *installed, "all"]
        raise TableError(f"--measure must be one of {', '.join(names)}, or FILE.py:NAME; got {name!r}.{did_you_mean(name, names)}")
    if pointwise and not isinstance(resolve_measure(name), PointwiseMeasure):
        having = " or ".join(n for n, m in known.items() if isinstance(m, PointwiseMeasure))
        raise TableError(f"--pointwise needs a measure that is defined for single outcomes; {name} is not. Use --measure {having}.")
    return name


def _by_measure(d: Decomposition, measure: str) -> dict[str, Decomposition]:
    """The decomposition by every measure that takes so many sources, if `measure` is "all"."""
    from infomorphic.pid import compare_measures

    return compare_measures(d) if measure == "all" else {}


def _parts(d: Decomposition) -> dict[str, Any]:
    """The informative and misinformative parts of the atoms, if the measure has them."""
    return {"informative": d.informative, "misinformative": d.misinformative} if hasattr(d, "informative") else {}


def _only(names: list[str], text: str) -> str:
    return names[0] if len(names) == 1 else text


def _bins(choices: list[str]) -> dict[str, Any]:
    """The default and the choices per column, in the form that `decompose_table` takes."""
    from infomorphic.estimation import parse_bins, parse_names

    chosen: dict[str, Any] = {}
    for choice in choices:
        column, _, text = choice.rpartition("=")
        name = _only(parse_names([column]), column) if column else "*"
        if name in chosen:
            which = f"column {column!r}" if column else "all columns"
            raise TableError(f"--bins may be given once for {which}; got {choice} too. Use --bins COLUMN=… for single columns.")
        chosen[name] = parse_bins(text)
    return chosen


def _record(shown: _Shown, pointwise: bool) -> dict[str, Any]:
    d, estimate = shown.decomposition, shown.estimate
    record: dict[str, Any] = {
        "target": shown.target,
        "sources": shown.sources,
        "unit": "bits",
        "measure": d.measure.name,
        "atoms": _numbers(d.atoms),
        **{name: _numbers(values) for name, values in _parts(d).items()},
        "redundancies": _numbers(d.redundancies),
        "mutual_information": _numbers(d.mutual_information),
        "target_entropy": float(d.target_entropy),
        "residual_entropy": float(d.residual_entropy),
        "observations": estimate.observations if shown.from_samples else None,
        "occupied_cells": len(estimate.cells),
        "dropped": estimate.num_dropped,
        "columns": shown.columns,
        "binning": [str(b) for b in estimate.binning],
    }
    if shown.from_samples:
        record["miller_madow_bias"] = estimate.miller_madow_bias
    if shown.by_measure:
        record["measures"] = {name: {"atoms": _numbers(other.atoms)} for name, other in shown.by_measure.items()}
    if pointwise:
        numbers = 3 * len(d.atoms) * len(estimate.cells)
        if numbers > _MOST_NUMBERS:
            raise TableError(
                f"--pointwise with --json must print at most {_MOST_NUMBERS:,} numbers; these {len(estimate.cells)} outcomes have {numbers:,}. "
                "Use fewer sources or bins, or take single atoms from `decompose_table(…).pointwise` in Python."
            )
        parts = {"atoms": d.pointwise.atoms, "informative": d.pointwise.informative, "misinformative": d.pointwise.misinformative}
        by_outcome = zip(*(_rows(values, list(d.atoms)) for values in parts.values()), strict=True)
        record["pointwise"] = [
            {"outcome": outcome, "probability": probability, **dict(zip(parts, rows, strict=True))}
            for (outcome, probability), rows in zip(_outcomes(shown), by_outcome, strict=True)
        ]
    return record


def _outcomes(shown: _Shown) -> Iterator[tuple[list[Any], float]]:
    """The values and the probability of each outcome."""
    estimate = shown.estimate
    probability = shown.decomposition.pointwise.marginals.realisation
    for cell, p in zip(estimate.cells, probability, strict=True):
        yield [_plain(values[code]) for values, code in zip(estimate.values, cell, strict=True)], float(p)


def _rows(values: PointwiseValues, labels: list[str]) -> list[dict[str, float]]:
    """For each outcome, the values by label."""
    columns = [values[label].tolist() for label in labels]
    return [dict(zip(labels, row, strict=True)) for row in zip(*columns, strict=True)]


def _numbers(values: Any) -> dict[str, float]:
    return {label: float(v) for label, v in zip(values, (values[label] for label in values), strict=True)}


def _plain(value: Any) -> Any:
    """A category or the center of a bin as a JSON value."""
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if type(value).__module__ == "numpy" and value.dtype.kind not in "mM":
        value = value.item()
    return value if isinstance(value, str | int | float | bool) else str(value)


def _print(shown: _Shown, pointwise: bool) -> None:
    from rich.table import Table

    from infomorphic.cli.output import bold, console, print_first_that_fits, printable

    d, estimate = shown.decomposition, shown.estimate
    target = printable(shown.target)
    listed = ", ".join(f"{i} = {printable(name)}" for i, name in enumerate(shown.sources, 1))
    out = console()
    out.print("\nInformation of ", bold(listed), " about ", bold(target), ", in bits\n", sep="")
    if d.measure.name != "sx":
        out.print(f"by {d.measure.title} ({d.measure.name})\n")
    atoms = _numbers(d.atoms)
    largest_first = sorted(atoms, key=lambda label: -abs(atoms[label]))
    labels = list(atoms) if len(atoms) <= _MOST_ROWS else largest_first[:_MOST_ROWS]
    print_first_that_fits(out, [_table(d, labels, bar=True), _table(d, labels, bar=False)])
    if shown.by_measure:
        out.print()
        print_first_that_fits(out, [_comparison(shown.by_measure, labels)])
    if len(labels) < len(atoms):
        out.print(f"the {len(labels)} largest of {len(atoms)} atoms; --json prints all")
    table = Table(box=None, pad_edge=False, show_header=False)
    for label, value in _numbers(d.mutual_information).items():
        table.add_row(f"I({target} : {label})", _bits(value))
    table.add_row(f"H({target})", _bits(float(d.target_entropy)))
    table.add_row(f"H({target} | all sources)", _bits(float(d.residual_entropy)))
    out.print()
    print_first_that_fits(out, [table])
    out.print()
    if shown.from_samples:
        dropped = f", {estimate.num_dropped} rows left out" if estimate.num_dropped else ""
        out.print(
            f"{estimate.observations} observations in {len(estimate.cells)} occupied cells, "
            f"{estimate.observations_per_cell:.1f} per cell{dropped}"
        )
    else:
        out.print(f"a pmf of {len(estimate.cells)} outcomes")
    for binning, column in zip(estimate.binning, shown.columns, strict=True):
        out.print(f"  {printable(str(binning))} ({column})")
    if pointwise:
        _print_outcomes(shown, labels, out)


def _table(d: Decomposition, labels: list[str], *, bar: bool) -> Table:
    """The atoms, each with a bar if there is room."""
    from rich.table import Table

    from infomorphic.cli.output import signed_bar

    table = Table(box=None, pad_edge=False)
    parts = _parts(d)
    headings = ["atom", "bits", *([""] if bar else []), *parts, "redundancy I∩"]
    for heading in headings:
        table.add_column(heading, justify="left" if heading in ("atom", "") else "right", no_wrap=True)
    largest = max(abs(float(d.atoms[label])) for label in labels)
    for label in labels:
        value = float(d.atoms[label])
        numbers = [float(part[label]) for part in (*parts.values(), d.redundancies)]
        table.add_row(label, _bits(value), *([signed_bar(value, largest)] if bar else []), *map(_bits, numbers))
    return table


def _comparison(by_measure: dict[str, Decomposition], labels: list[str]) -> Table:
    """The atoms by every measure."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title="atoms by each measure, in bits", title_justify="left")
    for heading in ("atom", *by_measure):
        table.add_column(heading, justify="left" if heading == "atom" else "right", no_wrap=True)
    for label in labels:
        table.add_row(label, *(_bits(float(d.atoms[label])) for d in by_measure.values()))
    return table


def _print_outcomes(shown: _Shown, labels: list[str], out: Console) -> None:
    """The first outcomes, each with the atoms in `labels`; no other atoms are computed."""
    from rich.table import Table

    from infomorphic.cli.output import print_first_that_fits, printable

    count = len(shown.estimate.cells)
    table = Table(box=None, pad_edge=False, title="each outcome, in bits", title_justify="left")
    for heading in ("outcome", "p", *labels):
        table.add_column(heading, justify="left" if heading == "outcome" else "right", no_wrap=True)
    atoms = _rows(shown.decomposition.pointwise.atoms, labels)
    for (outcome, probability), row in islice(zip(_outcomes(shown), atoms, strict=True), _MOST_OUTCOMES):
        table.add_row(printable(" ".join(map(str, outcome))), f"{probability:.4g}", *map(_bits, row.values()))
    out.print()
    print_first_that_fits(out, [table])
    of_all = len(shown.decomposition.atoms)
    if count > _MOST_OUTCOMES or of_all > len(labels):
        out.print(f"{min(_MOST_OUTCOMES, count)} of {count} outcomes and {len(labels)} of {of_all} atoms; --json prints all")


def _bits(value: float) -> str:
    # Rounding noise of exact zeros would print as -0.0000.
    return f"{value + 0.0 if abs(value) >= 5e-5 else 0.0:.4f}"
