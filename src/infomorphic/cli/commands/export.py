"""`infomorphic export`: write a trained classifier into one file that runs without this library."""

from pathlib import Path
from typing import Annotated

import typer

from infomorphic.cli.options import DataDir, Json


def export(
    run: Annotated[Path, typer.Argument(help="The run directory of a classifier.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="The file to write: NAME.pt2 for torch.export.load, NAME.onnx for ONNX runtimes.")
    ],
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Write a trained classifier into one file that maps raw images to class probabilities, deterministically, for any batch size.

    Example: `infomorphic export runs/setup-1-digits-100-seed0 --out digits.pt2`
    """
    from infomorphic.cli.output import print_json
    from infomorphic.export import export_run
    from infomorphic.training import Run

    path = export_run(Run.open(run), out, data_dir)
    if json:
        print_json({"file": str(path), "bytes": path.stat().st_size})
    else:
        typer.echo(str(path))
