"""`infomorphic resume`: continue a run."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infomorphic.cli.options import DataDir, Json, Processes, ResumedThreads

if TYPE_CHECKING:
    from infomorphic.parallel import Processes as Divided


def resume(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(help="The run directory.")],
    epochs: Annotated[int | None, typer.Option("--epochs", "-e", help="The total number of epochs; extends a finished run.")] = None,
    data_dir: DataDir = None,
    threads: ResumedThreads = None,
    processes: Processes = None,
    json: Json = False,
) -> None:
    """Continue an interrupted run from its last complete epoch, with bit-identical results, or extend a finished run.

    Example: `infomorphic resume runs/setup-1-digits-100-seed0 --epochs 120`
    """
    from infomorphic.cli.processes import in_processes
    from infomorphic.cli.stopping import stoppable
    from infomorphic.cli.training import announce_compilation, print_summary, progress_bar, set_threads
    from infomorphic.training import Run
    from infomorphic.training import resume as resume_run

    def lead(together: "Divided", note: Callable[[Path], None]) -> None:
        directory = Run.open(run)
        note(run)
        # The last bit of sums depends on the number of threads, so a run continues with the number that it began with.
        set_threads(threads or directory.threads)
        with stoppable(run), progress_bar(quiet=json, score=directory.config.task.score) as progress:
            announce_compilation(directory.config)
            summary = resume_run(directory, epochs, data_dir, progress, together)
        print_summary(summary, directory, json)

    in_processes(context.obj, processes, threads, data_dir, lead)
