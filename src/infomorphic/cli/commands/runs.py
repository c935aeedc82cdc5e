"""`infomorphic runs`: the run directories in a folder."""

from pathlib import Path
from typing import Annotated

import typer

from infomorphic.cli.options import Json


def runs(
    folder: Annotated[Path, typer.Argument(help="A folder of run directories.")] = Path("runs"),
    json: Json = False,
) -> None:
    """List the run directories in a folder with their state (finished, running or interrupted) and result.

    Example: `infomorphic runs`
    """
    from dataclasses import asdict

    from infomorphic.cli.output import console, print_json
    from infomorphic.cli.progress import clock
    from infomorphic.training.listing import list_runs
    from infomorphic.training.results import in_words

    found = list_runs(folder)
    if json:
        print_json({"folder": str(folder), "runs": [asdict(row) for row in found]})
        return
    if not found:
        typer.echo(f"There are no runs in {folder}. Train one with: infomorphic train")
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in ("run", "state", "preset", "data", "epochs", "result", "", "time"):
        table.add_column(heading, justify="right" if heading in ("epochs", "result", "time") else "left")
    for row in found:
        # Names are text, not markup.
        cells = (row.run, row.state, row.preset or "", row.dataset or "")
        if row.problem:
            table.add_row(*map(Text, cells))
            continue
        epochs = str(row.epochs) if row.epochs == row.epochs_configured else f"{row.epochs} of {row.epochs_configured}"
        table.add_row(*map(Text, cells), epochs, row.written, in_words(row.measure or ""), clock(row.seconds or 0))
    out = console()
    out.print(table)
    for row in found:
        if row.problem:
            out.print(f"\n{row.run}: {row.problem}", highlight=False, markup=False, soft_wrap=True)
    interrupted = next((row for row in found if row.state == "interrupted"), None)
    if interrupted is not None:
        import shlex

        out.print(f"\nContinue one with: infomorphic resume {shlex.quote(interrupted.run)}", highlight=False, markup=False, soft_wrap=True)
