"""`infomorphic reproduce`: the figures and tables of the publication."""

from pathlib import Path
from typing import Annotated

import typer

from infomorphic.cli.options import DataDir, Json, Workers
from infomorphic.cli.studies import Storage, command_with, interruption_reported


def reproduce(
    ctx: typer.Context,
    figure: Annotated[str | None, typer.Argument(help="fig2b, fig4, fig5, fig6, fig8, fig9, table3 or memory. Default: list all.")] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Use a small version that takes minutes; its numbers cannot be compared with the publication.")
    ] = False,
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder for all reproductions.")] = Path("reproductions"),
    workers: Workers = None,
    data_dir: DataDir = None,
    storage: Storage = None,
    json: Json = False,
) -> None:
    """List the figures that can be reproduced and what each needs, or run (or resume) the studies of one figure and report them.

    Each study writes figures (PNG and SVG), the data, and a text that states what agrees with the publication and what does not.

    Example: `infomorphic reproduce fig2b --quick`
    """
    if figure is None:
        _list(quick, data_dir, json)
    else:
        with interruption_reported(command_with(ctx, ["reproduce", figure])):
            _run(figure, quick, out, workers, data_dir, storage, json)


def _list(quick: bool, data_dir: Path | None, json: bool) -> None:
    from infomorphic.cli.output import console, print_json
    from infomorphic.cli.studies import duration
    from infomorphic.limits import available_cores
    from infomorphic.studies.reproductions import data_present, reproductions

    cores = available_cores()
    rows = []
    for name, found in reproductions().items():
        stages = found.stages(quick)
        needs = [stage.needs() for stage in stages]
        datasets = list(dict.fromkeys(d for stage in stages for d in stage.datasets()))
        rows.append(
            {
                "name": name,
                "what": found.summary,
                "studies": len(stages),
                "trials": sum(n for n, _ in needs),
                "core_hours": round(sum(h for _, h in needs), 4),
                "hours_here": round(sum(h for _, h in needs) / cores, 4),
                "datasets": {d: data_present(d, data_dir) for d in datasets},
            }
        )
    if json:
        print_json({"cores": cores, "reproductions": rows})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("", "what", "trainings", f"on {cores} cores", "data"):
        table.add_column(heading, justify="right" if heading.startswith(("train", "on")) else "left")
    for row in rows:
        data = ", ".join(f"{d}{'' if present else ' (to be downloaded)'}" for d, present in row["datasets"].items()) or "none"
        table.add_row(row["name"], row["what"], str(row["trials"]), duration(3600 * row["hours_here"]), data)
    out = console()
    out.print(table)
    out.print(
        "\nTimes are estimates, correct within a factor of two; `infomorphic study status` is more accurate once some trials are complete.",
        style="dim",
    )


def _run(figure: str, quick: bool, out: Path, workers: int | None, data_dir: Path | None, storage: str | None, json: bool) -> None:
    from infomorphic.cli.output import print_json
    from infomorphic.cli.studies import study_progress
    from infomorphic.studies import WorkOptions
    from infomorphic.studies.reproduce import reproduce as run
    from infomorphic.studies.reproductions import reproduction

    with study_progress(quiet=json) as progress:
        done = run(
            reproduction(figure),
            out,
            quick=quick,
            storage=storage,
            workers=workers,
            options=WorkOptions(data_dir=data_dir),
            on_status=None if json else progress,
        )
    if json:
        studies = [{"study": d.study, "folder": str(d.folder), "complete": d.complete, "failed": d.failed} for d in done]
        print_json({"figure": figure, "quick": quick, "studies": studies})
        return
    for d in done:
        failed = f", {d.failed} failed" if d.failed else ""
        typer.echo(f"{d.study}: {d.complete} trials complete{failed}; see {d.folder / 'report.md'}")
