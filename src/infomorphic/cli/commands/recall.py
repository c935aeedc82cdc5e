"""`infomorphic recall`: recall patterns from noisy cues."""

from pathlib import Path
from typing import Annotated

import typer

from infomorphic.cli.options import Json
from infomorphic.limits import LARGEST_SEED


def recall(
    run: Annotated[Path, typer.Argument(help="The run directory of a memory.")],
    noise: Annotated[float, typer.Option("--noise", "-p", min=0, max=1, help="The fraction of each cue's bits that is flipped.")] = 0.0,
    show: Annotated[bool, typer.Option("--show", help="Draw the cue, each step, and the recalled state.")] = False,
    pattern: Annotated[int, typer.Option("--pattern", min=0, help="The number of the pattern to draw.")] = 0,
    gif: Annotated[
        Path | None, typer.Option("--gif", metavar="FILE.gif", help="Also write the recall of that pattern, step by step, as an animation.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=LARGEST_SEED, help="Seed that selects the flipped bits.")] = 0,
    json: Json = False,
) -> None:
    """Start a memory from noisy copies of its patterns, with the external input off, and run it until it settles.

    Example: `infomorphic recall runs/memory --noise 0.05 --show`, after `infomorphic train memory --neurons 30 --load 0.5 --run runs/memory`
    """
    from infomorphic.cli.training import print_evaluated
    from infomorphic.training import Run
    from infomorphic.training.evaluation import recall_from

    if gif is not None:
        from infomorphic.reports import write_recall_gif

        write_recall_gif(run, gif, noise, seed, pattern)
    print_evaluated(recall_from(Run.open(run), noise, seed, pattern if show else None), json)
