"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Any

import typer

from infomorphic.limits import MOST_THREADS, MOST_WORKERS

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", envvar="INFOMORPHIC_DATA", help="Where data sets are, in torchvision's layout; missing ones are downloaded there."
    ),
]


def _threads(default: str) -> Any:
    return typer.Option("--threads", min=1, max=MOST_THREADS, help=f"Number of threads; default: {default}.")


Threads = Annotated[int | None, _threads("one for fewer than 200 neurons, otherwise one per core")]
ResumedThreads = Annotated[int | None, _threads("as many as the run began with")]
Processes = Annotated[
    int | None,
    typer.Option(
        "--processes",
        min=1,
        max=MOST_WORKERS,
        help="Divide the neurons among this many processes of this machine; default: 1, or torchrun's.",
    ),
]
Workers = Annotated[
    int | None, typer.Option("--workers", "-w", min=1, max=MOST_WORKERS, help="Number of worker processes; default: one per core.")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
