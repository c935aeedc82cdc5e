"""`infomorphic pairs`: decompose all pairs or triplets of a table or recording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infomorphic.errors import TableError

if TYPE_CHECKING:
    from infomorphic.recordings import Pairs, Recording
    from infomorphic.statistics import Permutation

_MOST_ROWS = 18
_MOST_BINNINGS = 6
_NULLS = "shift, shift:COLUMN, target, within:COLUMN, trials:COLUMN or blocks:LENGTH"

_EXAMPLE = """
Example: `infomorphic pairs examples/neuron.csv --targets spike --bins 8 --out pairs.parquet`
"""


def pairs(
    file: Annotated[
        Path,
        typer.Argument(help="A table as for `pid`, one row per time bin in order, or per observation; or an NWB file with spikes (.nwb)."),
    ],
    targets: Annotated[
        list[str] | None, typer.Option("--targets", "-t", help="The target columns, as A,B,C; by default all. May be repeated.")
    ] = None,
    sources: Annotated[
        list[str] | None, typer.Option("--sources", "-s", help="The source columns, as A,B,C; by default all. May be repeated.")
    ] = None,
    triplets: Annotated[bool, typer.Option("--triplets", help="A target and two sources: the same as --order 2.")] = False,
    order: Annotated[
        int | None, typer.Option("--order", metavar="K", help="Number of sources of a combination: 1 (the default), 2 or 3.")
    ] = None,
    lags: Annotated[
        str,
        typer.Option(
            "--lags",
            metavar="LIST",
            help="How many rows before the target the sources are taken, such as 0,1. Each lag is decomposed by itself.",
        ),
    ] = "0",
    history: Annotated[
        int, typer.Option("--history", metavar="ROWS", help="Past rows of the target that form one more source, the last; 0 for none.")
    ] = 0,
    bins: Annotated[list[str] | None, typer.Option("--bins", "-b", help="How to discretize columns of real numbers, as for `pid`.")] = None,
    measure: Annotated[str, typer.Option("--measure", "-m", metavar="NAME", help="The measure of redundancy, as for `pid`.")] = "sx",
    test: Annotated[int, typer.Option("--test", metavar="N", help="Compare with N permutations; 0 for no test.")] = 0,
    null: Annotated[
        str | None,
        typer.Option(
            "--null",
            metavar="WHAT",
            help="What is permuted: shift (the target in time, within trials; the default), shift:COLUMN (within the trials that a column names), "
            "target (its rows), within:COLUMN (its rows within strata), trials:COLUMN (whole trials) or blocks:LENGTH (blocks of rows).",
        ),
    ] = None,
    adjust: Annotated[bool, typer.Option("--holm", help="Also adjust p for the number of combinations, by Holm's method.")] = False,
    trial: Annotated[
        str | None,
        typer.Option("--trial", metavar="COLUMN", help="The column that names the trial of each row. No lag reaches across trials."),
    ] = None,
    missing: Annotated[bool, typer.Option("--drop-missing", help="Leave out rows with missing values in any used column.")] = False,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="The sheet of an Excel workbook.")] = None,
    bin_width: Annotated[
        float | None, typer.Option("--bin-width", metavar="SECONDS", help="Width of the time bins of an NWB file.")
    ] = None,
    cap: Annotated[int | None, typer.Option("--cap", metavar="K", help="The largest spike count of a time bin of an NWB file.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="The seed of the permutations.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write all values into this file (.parquet, .csv or .feather).")
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="Draw targets and sources as a matrix (PNG, SVG or PDF).")
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(
            "--label",
            metavar="LABEL",
            help="What is drawn and listed, such as {12} or I{1}; by default the information of one source or the synergy.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Decompose the information of every source, or pair of sources, about every target."""
    from infomorphic.cli.choices import bins_of, measure_name
    from infomorphic.cli.progress import phase_bar
    from infomorphic.estimation import parse_names
    from infomorphic.recordings import decompose_pairs
    from infomorphic.recordings.saving import check_table_format

    if plot is not None:
        from infomorphic.plots import check_format

        check_format(plot)
    if out is not None:
        check_table_format(out)
    if triplets and order not in (None, 2):
        raise TableError(f"--triplets means --order 2; got --order {order} too. Leave out one of them.")
    without_test = "--null" if null is not None else "--holm" if adjust else None
    if without_test and not test:
        raise TableError(f"{without_test} needs a test. Add --test 200.")
    chosen_bins, chosen_measure = bins_of(bins or []), measure_name(measure, compare=False)
    of_lags = _lags(lags)
    recording, permuted = _recording(file, sheet, trial, null or "shift", bin_width, cap)
    with phase_bar() as progress:
        found = decompose_pairs(
            recording,
            parse_names(targets) if targets else None,
            parse_names(sources) if sources else None,
            num_sources=2 if triplets else 1 if order is None else order,
            lags=of_lags,
            history=history,
            bins=chosen_bins,
            measure=chosen_measure,
            missing="drop" if missing else "error",
            test=test,
            null=permuted,
            adjust=adjust,
            seed=seed,
            progress=progress,
        )
    shown = found.telling_label if label is None else label
    matrix = found.matrix(shown)  # also checks the label
    if out is not None:
        found.save(out)
    if plot is not None:
        from infomorphic.plots import save_pairs

        save_pairs(matrix, plot, label=f"{shown} (bits)", title=_title(found, shown))
    if json:
        from infomorphic.cli.output import print_json

        print_json(_record(found, seed, out))
        return
    _print(found, shown)
    for done, path in (("Written to", out), ("Drawn in", plot)):
        if path is not None:
            typer.echo(f"{done} {path}")


pairs.__doc__ = f"{pairs.__doc__}\n{_EXAMPLE}"


def _lags(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise TableError(f"--lags must be whole numbers of rows, such as 0,1; got {text!r}.") from None


def _recording(
    file: Path, sheet: str | None, trial: str | None, null: str, bin_width: float | None, cap: int | None
) -> tuple[Recording, Permutation]:
    """The recording in a file, and what is permuted. Columns of trials and strata are not variables."""
    from infomorphic.estimation import read_table
    from infomorphic.recordings import Recording, from_nwb
    from infomorphic.statistics import PermuteTarget, Shift
    from infomorphic.statistics.of_tables import parse_null

    kind, _, column = null.partition(":")
    if kind not in ("shift", "target", "within", "trials", "blocks"):
        raise TableError(f"--null must be {_NULLS}; got {null!r}.")
    if file.suffix.lower() == ".nwb":
        if trial is not None or column or sheet is not None:
            raise TableError("an NWB file has its own trials: leave out --trial, --sheet, and the column in --null.")
        if bin_width is None:
            raise TableError("--bin-width must be given for an NWB file, in seconds, such as 0.01.")
        recording = from_nwb(file, bin_width, cap=cap)
        return recording, PermuteTarget() if kind == "target" else Shift(recording.trials)
    if bin_width is not None or cap is not None:
        raise TableError("--bin-width and --cap are for NWB files; the rows of a table are its time bins already. Leave them out.")
    table = read_table(file, sheet=sheet)
    permuted = parse_null(null, table, [])
    named = column if kind != "blocks" else ""
    recording = Recording.from_frame(table.drop(columns=[named]) if named not in ("", trial) else table, trial=trial)
    return recording, Shift(recording.trials) if null == "shift" else permuted


def _title(found: Pairs, label: str) -> str:
    mean = "" if found.num_sources == 1 else ", mean over the other sources"
    return f"{label} of source{_at(found.lags[0])} about target[t]{mean}"


def _at(lag: int) -> str:
    return f"[t-{lag}]" if lag else "[t]"


def _sources_of(found: Pairs) -> list[str]:
    """Each source of a combination in words, at all lags."""
    at_lags = " or ".join(_at(lag) for lag in found.lags)
    named = [f"{k + 1} = source_{k + 1}{at_lags}" for k in range(found.num_sources)]
    if found.history:
        past = "[t-1]" if found.history == 1 else f"[t-1] to [t-{found.history}]"
        named.append(f"{found.num_sources + 1} = the target's own past, {past}")
    return named


def _record(found: Pairs, seed: int, out: Path | None) -> dict[str, Any]:
    frame = found.frame
    record: dict[str, Any] = {
        "targets": list(found.targets),
        "target_at": "[t]",
        "sources": list(found.sources),
        "sources_of_a_combination": _sources_of(found),
        "lags": list(found.lags),
        "history": found.history,
        "unit": "bits",
        "measure": found.measure.name,
        "labels": found.labels,
        "observations": found.observations,
        "trials": found.num_trials,
        "binning": [str(b) for b in found.binning],
        "combinations": len(frame) // len(found.labels) // len(found.lags),
        "rows": len(frame),
        "permutations": found.permutations,
        "null": None if found.null is None else str(found.null),
        "seed": seed,
    }
    if out is not None:
        return record | {"out": str(out)}
    columns = {name: frame[name].astype(object).tolist() for name in frame.columns}
    return record | {"pairs": [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]}


def _print(found: Pairs, label: str) -> None:
    """The combinations with the largest values of one label, and what they are."""
    from rich.table import Table

    from infomorphic.cli.output import bold, console, print_first_that_fits, printable

    out = console()
    frame = found.frame[found.frame["label"] == label]
    out.print("\nInformation about ", bold("target[t]"), f" from {', '.join(_sources_of(found))}, in bits\n", sep="")
    largest = frame.loc[frame["bits"].abs().sort_values(ascending=False).index[:_MOST_ROWS]]
    names = ["target", *(f"source_{k + 1}" for k in range(found.num_sources)), "lag"]
    numbers = [name for name in ("bits", "null_mean", "null_low", "null_high", "p", "p_holm") if name in frame.columns]
    table = Table(box=None, pad_edge=False)
    for name in (*names, *numbers):
        table.add_column(label if name == "bits" else name, justify="right" if name in (*numbers, "lag") else "left", no_wrap=True)
    for _, row in largest.iterrows():
        table.add_row(*(printable(str(row[name])) for name in names), *(f"{row[name] + 0.0:.4f}" for name in numbers))
    print_first_that_fits(out, [table])
    if len(frame) > len(largest):
        out.print(f"the {len(largest)} largest of {len(frame)} values of {label}; --out writes all labels")
    trials = f" in {found.num_trials} trials" if found.num_trials > 1 else ""
    out.print(f"\n{found.observations} observations{trials}")
    if found.null is not None:
        out.print(f"null distribution: {found.null}, {found.permutations} permutations")
    for binning in found.binning[:_MOST_BINNINGS]:
        out.print(f"  {printable(str(binning))}")
    if len(found.binning) > _MOST_BINNINGS:
        out.print(f"  and {len(found.binning) - _MOST_BINNINGS} more columns; --json lists all")
