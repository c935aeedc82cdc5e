"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from infomorphic.limits import MOST_THREADS, MOST_WORKERS

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", envvar="INFOMORPHIC_DATA", help="Where data sets are, in torchvision's layout; missing ones are downloaded there."
    ),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        min=1,
        max=MOST_THREADS,
        help="Number of threads; default: one for fewer than 200 neurons, otherwise one per core.",
    ),
]
Workers = Annotated[
    int | None, typer.Option("--workers", "-w", min=1, max=MOST_WORKERS, help="Number of worker processes; default: one per core.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
