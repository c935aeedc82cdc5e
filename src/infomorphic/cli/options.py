"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", envvar="INFOMORPHIC_DATA", help="Where data sets are, in torchvision's layout; what is missing is downloaded there."
    ),
]
Threads = Annotated[
    int | None,
    typer.Option("--threads", min=1, help="Threads to compute with; by default one for fewer than 200 neurons, and else one per core."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
