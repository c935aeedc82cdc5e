"""`infomorphic play`: the playground."""

from pathlib import Path
from typing import Annotated

import typer

_EXAMPLE = """
Example: `infomorphic play --out playground`
"""


def play(
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the pages are written.")] = Path("playground"),
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the first page in the browser.")] = True,
) -> None:
    """Open the playground: try gates, decompose a table of your own and train neurons toward goals in the browser, without a server."""
    from infomorphic.playground import write_playground

    first, *_ = write_playground(out)
    typer.echo(str(first))
    if browser:
        import webbrowser

        webbrowser.open(first.resolve().as_uri())


play.__doc__ = f"{play.__doc__}\n{_EXAMPLE}"
