"""`infomorphic pid`: decompose a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from infomorphic.pid import Decomposition

_EXAMPLE = """
Example: `infomorphic pid examples/neuron.csv --target spike --sources stimulus,context,neighbour --bins 8`
"""


def pid(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet: one row per observation or, with --probability, one row per outcome.")],
    target: Annotated[str, typer.Option("--target", "-t", help="The column that the information is about. A+B is a joint variable.")],
    sources: Annotated[str, typer.Option("--sources", "-s", help="The columns that have the information, A,B,C; A+B is one joint source.")],
    bins: Annotated[
        list[str] | None,
        typer.Option(
            "--bins",
            "-b",
            help="How to discretise columns of real numbers: K bins of equal width, mass:K of equal mass, range:K:LOW:HIGH, "
            "edges:E0:E1:…, or categories. COLUMN=… for one column; repeat for others.",
        ),
    ] = None,
    probability: Annotated[
        str | None, typer.Option("--probability", "-p", help="The column that holds each outcome's probability.")
    ] = None,
    weights: Annotated[str | None, typer.Option("--weights", "-w", help="The column that holds each observation's weight.")] = None,
    normalize: Annotated[bool, typer.Option("--normalize", help="Divide the probabilities by their sum.")] = False,
    drop_missing: Annotated[bool, typer.Option("--drop-missing", help="Leave out rows with missing values.")] = False,
    pointwise: Annotated[bool, typer.Option("--pointwise", help="Also decompose each single outcome.")] = False,
    plot: Annotated[Path | None, typer.Option("--plot", help="Draw the decomposition into this file (PNG, SVG or PDF).")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Decompose the information that columns of a table have about one of its columns."""
    from infomorphic.estimation import decompose_table, read_table

    if plot is not None:
        from infomorphic.plots import check_format

        check_format(plot)
    names = [name.strip() for name in sources.split(",") if name.strip()]
    decomposition = decompose_table(
        read_table(file),
        target,
        names,
        bins=_bins(bins or []),
        probability=probability,
        weights=weights,
        normalize=normalize,
        missing="drop" if drop_missing else "error",
    )
    if json:
        from infomorphic.cli.output import print_json

        print_json(_record(decomposition, target, names, probability is None, pointwise))
    else:
        _print(decomposition, target, names, probability is None, pointwise)
    if plot is not None:
        from infomorphic.plots import save_decomposition

        save_decomposition(decomposition, plot, names=names, target=target)
        if not json:
            typer.echo(f"\nDrawn in {plot}")


pid.__doc__ = f"{pid.__doc__}\n{_EXAMPLE}"


def _bins(choices: list[str]) -> dict[str, Any]:
    """The default and the choices by column, as `decompose_table` takes them."""
    from infomorphic.errors import TableError
    from infomorphic.estimation import parse_bins

    named = {column: parse_bins(text) for column, _, text in (c.rpartition("=") for c in choices) if column}
    defaults = [parse_bins(c) for c in choices if "=" not in c]
    if len(defaults) > 1:
        raise TableError("--bins may be given once for all columns; use --bins COLUMN=… for single ones.")
    return {**named, "*": defaults[0] if defaults else None}


def _record(d: Decomposition, target: str, sources: list[str], from_samples: bool, pointwise: bool) -> dict[str, Any]:
    estimate = d.estimate
    assert estimate is not None
    record: dict[str, Any] = {
        "target": target,
        "sources": sources,
        "unit": "bits",
        "atoms": _numbers(d.atoms),
        "informative": _numbers(d.informative),
        "misinformative": _numbers(d.misinformative),
        "redundancies": _numbers(d.redundancies),
        "mutual_information": _numbers(d.mutual_information),
        "target_entropy": float(d.target_entropy),
        "residual_entropy": float(d.residual_entropy),
        "observations": estimate.observations if from_samples else None,
        "occupied_cells": len(estimate.cells),
        "dropped": estimate.num_dropped,
        "binning": [str(b) for b in estimate.binning],
    }
    if from_samples:
        record["miller_madow_bias"] = estimate.miller_madow_bias
    if pointwise:
        record["pointwise"] = _outcomes(d)
    return record


def _outcomes(d: Decomposition) -> list[dict[str, Any]]:
    """One record for each outcome: its values, its probability, and its atoms."""
    estimate = d.estimate
    assert estimate is not None
    labels = list(d.atoms)
    parts = {name: {label: values[label] for label in labels} for name, values in _pointwise_parts(d).items()}
    probability = d.pointwise.marginals.realisation
    return [
        {
            "outcome": [_plain(values[code]) for values, code in zip(estimate.values, cell, strict=True)],
            "probability": float(probability[row]),
            **{name: {label: float(values[label][row]) for label in labels} for name, values in parts.items()},
        }
        for row, cell in enumerate(estimate.cells)
    ]


def _pointwise_parts(d: Decomposition) -> dict[str, Any]:
    return {"atoms": d.pointwise.atoms, "informative": d.pointwise.informative, "misinformative": d.pointwise.misinformative}


def _numbers(values: Any) -> dict[str, float]:
    return {label: float(v) for label, v in zip(values, (values[label] for label in values), strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value.item() if hasattr(value, "item") else value


def _print(d: Decomposition, target: str, sources: list[str], from_samples: bool, pointwise: bool) -> None:
    from rich.table import Table

    from infomorphic.cli.output import console, signed_bar

    estimate = d.estimate
    assert estimate is not None
    out = console()
    out.print(
        f"\nWhat [bold]{', '.join(f'{i} = {name}' for i, name in enumerate(sources, 1))}[/bold] tell about [bold]{target}[/bold], in bits\n"
    )
    atoms = _numbers(d.atoms)
    shown = atoms if len(atoms) <= 18 else dict(sorted(atoms.items(), key=lambda item: -abs(item[1]))[:18])
    informative, misinformative = (_numbers(v) for v in (d.informative, d.misinformative))
    largest = max(map(abs, atoms.values()))
    table = Table(box=None, pad_edge=False)
    for heading in ("atom", "bits", "", "informative", "misinformative", "redundancy I∩"):
        table.add_column(heading, justify="left" if heading in ("atom", "") else "right")
    for label, value in shown.items():
        numbers = (informative[label], misinformative[label], float(d.redundancies[label]))
        table.add_row(label, _bits(value), signed_bar(value, largest), *map(_bits, numbers))
    out.print(table)
    if len(shown) < len(atoms):
        out.print(f"the {len(shown)} largest of {len(atoms)} atoms; --json prints all")
    table = Table(box=None, pad_edge=False, show_header=False)
    for label, value in _numbers(d.mutual_information).items():
        table.add_row(f"I({target} : {label})", _bits(value))
    table.add_row(f"H({target})", _bits(float(d.target_entropy)))
    table.add_row(f"H({target} | all sources)", _bits(float(d.residual_entropy)))
    out.print()
    out.print(table)
    out.print()
    if from_samples:
        dropped = f", {estimate.num_dropped} rows left out" if estimate.num_dropped else ""
        out.print(
            f"{estimate.observations} observations in {len(estimate.cells)} occupied cells, {estimate.observations_per_cell:.1f} a cell{dropped}"
        )
    else:
        out.print(f"a pmf of {len(estimate.cells)} outcomes")
    for binning in estimate.binning:
        out.print(f"  {binning}", highlight=False)
    if pointwise:
        _print_outcomes(d, out)


def _print_outcomes(d: Decomposition, out: Any) -> None:
    from rich.table import Table

    labels = list(d.atoms)[:18]
    table = Table(box=None, pad_edge=False, title="each outcome, in bits", title_justify="left")
    for heading in ("outcome", "p", *labels):
        table.add_column(heading, justify="left" if heading == "outcome" else "right")
    rows = _outcomes(d)
    for row in rows[:64]:
        table.add_row(" ".join(map(str, row["outcome"])), f"{row['probability']:.4g}", *(_bits(row["atoms"][label]) for label in labels))
    out.print()
    out.print(table)
    if len(rows) > 64 or len(d.atoms) > 18:
        out.print(f"{min(64, len(rows))} of {len(rows)} outcomes and {len(labels)} of {len(d.atoms)} atoms; --json prints all")


def _bits(value: float) -> str:
    # Rounding noise of exact zeros would print as -0.0000.
    return f"{value + 0.0 if abs(value) >= 5e-5 else 0.0:.4f}"
