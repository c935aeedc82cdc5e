"""`infomorphic pid`: decompose a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infomorphic.cli.choices import bins_of, measure_name, single_name
from infomorphic.errors import TableError

if TYPE_CHECKING:
    from infomorphic.pid import Decomposition

_EXAMPLE = """
Example: `infomorphic pid examples/neuron.csv --target spike --sources stimulus,context,neighbor --bins 8`
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
    describe: Annotated[bool, typer.Option("--describe", help="Also describe each atom in one sentence.")] = False,
    test: Annotated[
        int, typer.Option("--test", metavar="N", help="Compare every value with chance, by N permutations (1000 is a good number).")
    ] = 0,
    null: Annotated[
        str | None,
        typer.Option(
            "--null",
            help="What --test permutes: target (the default), the name of a source, within:COLUMN (the target within strata), "
            "shift or shift:COLUMN (the target in time, within the trials of COLUMN), blocks:LENGTH, or trials:COLUMN (whole trials).",
        ),
    ] = None,
    adjust: Annotated[bool, typer.Option("--holm", help="Also adjust p for the number of atoms, by Holm's method.")] = False,
    interval: Annotated[int, typer.Option("--interval", metavar="N", help="95 % intervals, by N bootstrap resamples.")] = 0,
    over: Annotated[
        str | None, typer.Option("--over", help="What --interval draws: rows (the default), blocks:LENGTH, or trials:COLUMN.")
    ] = None,
    method: Annotated[str | None, typer.Option("--interval-method", help="bias-corrected (the default) or percentile.")] = None,
    correct: Annotated[
        str, typer.Option("--correct", help="Correct the sampling bias: none, shuffle, quadratic, or miller-madow (informations alone).")
    ] = "none",
    seed: Annotated[int, typer.Option("--seed", help="The seed of permutations and resamples.")] = 0,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw the decomposition into this file (PNG, SVG or PDF).")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write a page with sentences, figure, every value and how it was found.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Decompose the information that source columns of a table carry about a target column."""
    from infomorphic.cli.assessing import asked_statistics, assessed_by_measure
    from infomorphic.cli.decomposition_record import ShownTable, record_of
    from infomorphic.estimation import decompose_table, describe_columns, parse_names, read_table

    if plot is not None:
        from infomorphic.plots import check_format

        check_format(plot)
    of_target = single_name(target)
    names = parse_names(sources)
    if len(names) == 5 and plot is not None:
        raise TableError("--plot draws up to four sources; the lattice of five has 7579 antichains. Leave out --plot or a source.")
    asked = asked_statistics(test, null, adjust, interval, over, method, correct, seed, probability)
    choices = bins_of(bins or [])
    chosen_measure = measure_name(measure or "sx", pointwise=pointwise)
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
    by_measure = _by_measure(decomposition, chosen_measure)
    assessed = assessed_by_measure(table, of_target, names, choices, weights, missing, asked, list(by_measure) or [chosen_measure])
    shown = ShownTable(decomposition, columns, not probability, by_measure, pointwise, describe, assessed)
    if json:
        from infomorphic.cli.output import print_json

        print_json(record_of(shown))
    else:
        from infomorphic.cli.decomposition_text import print_decomposition

        print_decomposition(shown)
    if plot is not None:
        from infomorphic.plots import save_decomposition

        ranges = {} if shown.assessment is None else shown.assessment.ranges
        save_decomposition(decomposition, plot, **ranges)
        if not json:
            typer.echo(f"\nDrawn in {plot}")
    if report is not None:
        from infomorphic.cli.decomposition_text import counted
        from infomorphic.reports import write_table_report

        write_table_report(
            decomposition, report, assessment=shown.assessment, by_measure=by_measure, facts=[f"File: {file.name}", *counted(shown)]
        )
        if not json:
            typer.echo(f"\nReport in {report}")


pid.__doc__ = f"{pid.__doc__}\n{_EXAMPLE}"


def _by_measure(d: Decomposition, measure: str) -> dict[str, Decomposition]:
    """The decomposition by every measure that takes so many sources, if `measure` is "all"."""
    from infomorphic.pid import compare_measures

    return compare_measures(d) if measure == "all" else {}
