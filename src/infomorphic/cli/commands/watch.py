"""`infomorphic watch`: a training, live in the browser."""

from pathlib import Path
from typing import Annotated

import typer


def watch(
    run: Annotated[Path, typer.Argument(help="The run directory; the page waits for it if it does not exist yet.")],
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port of the page on this machine; 0 for any that is free.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Show a training in the browser while it runs: progress, accuracy, atoms of each layer and receptive fields. Ctrl-C ends it.

    Example: `infomorphic watch runs/mine` while `infomorphic train setup-1 --run runs/mine` runs in another terminal
    """
    from infomorphic.cli.stopping import Stopped
    from infomorphic.interruption import exit_status
    from infomorphic.reports.live import LiveServer

    with LiveServer(run, port) as server:
        typer.echo(server.address)
        if browser:
            import webbrowser

            webbrowser.open(server.address)
        try:
            server.serve_forever()
        except KeyboardInterrupt as stop:
            raise Stopped("the page is no longer served; a training goes on.", exit_status(stop)) from stop
