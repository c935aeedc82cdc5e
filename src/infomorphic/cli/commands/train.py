"""`infomorphic train`: train a network and write a run directory."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from infomorphic.cli.options import DataDir, Json, Processes, Threads

if TYPE_CHECKING:
    from infomorphic.parallel import Processes as Divided


def train(
    context: typer.Context,
    config: Annotated[
        str | None,
        typer.Argument(metavar="[PRESET | CONFIG.yaml]", help="A preset, or a YAML file such as a run's config.yaml; default: setup-1."),
    ] = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", "-d", help="digits, mnist, fashion-mnist, cifar10, rhm, folder:PATH or npz:PATH.")
    ] = None,
    hidden: Annotated[int | None, typer.Option("--hidden", "-n", help="Hidden neurons.")] = None,
    neurons: Annotated[int | None, typer.Option("--neurons", help="Number of neurons of a memory or of a layer that learns bars.")] = None,
    load: Annotated[float | None, typer.Option("--load", help="Patterns stored per neuron of a memory.")] = None,
    goal: Annotated[str | None, typer.Option("--goal", "-g", help="A published goal, or an expression such as '{F}{C} - {F}{L}'.")] = None,
    learning: Annotated[
        str | None, typer.Option("--learning", help="goals, or backprop: the same network trained by backpropagation of the cross entropy.")
    ] = None,
    epochs: Annotated[int | None, typer.Option("--epochs", "-e", help="Passes over the training images.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", "-s", help="The same seed gives the same run.")] = None,
    run: Annotated[Path | None, typer.Option("--run", "-r", help="The run directory to create; default: a new one in runs/.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="section.field=value; may be repeated. List all settings with: infomorphic presets [PRESET]"),
    ] = None,
    track: Annotated[
        str | None, typer.Option("--track", help="Also log to a tracker: tensorboard:DIR, mlflow:URI or wandb:PROJECT.")
    ] = None,
    data_dir: DataDir = None,
    threads: Threads = None,
    processes: Processes = None,
    json: Json = False,
) -> None:
    """Train a network and write a self-explanatory run directory.

    Presets: setup-1, setup-2, setup-3, context, lateral, random-projection, readout, backprop and relu classify images; bars learns
    without labels; memory stores patterns. Every setting has its published value unless you change it.

    Example: `infomorphic train setup-1 --dataset mnist --hidden 100 --goal trivariate/optimized-tpe-1 --seed 0`
    """
    from infomorphic.cli.processes import in_processes
    from infomorphic.cli.stopping import stoppable
    from infomorphic.cli.training import (
        announce_chosen,
        announce_compilation,
        both,
        default_threads,
        neurons_of,
        print_summary,
        progress_bar,
        set_threads,
    )
    from infomorphic.training import Run, TrainConfig, fit
    from infomorphic.training.config import check_each_once
    from infomorphic.training.run import default_run_path

    def lead(together: "Divided", note: Callable[[Path], None]) -> None:
        shortcuts = {
            "data.dataset": dataset,
            "network.hidden": hidden,
            "network.neurons": neurons,
            "data.load": load,
            "network.goal": goal,
            "training.learning": learning,
            "training.epochs": epochs,
            "training.seed": seed,
        }
        given = {key: value for key, value in shortcuts.items() if value is not None}
        check_each_once(set_ or (), given)
        path = Path(config or "")
        if path.suffix in (".yaml", ".yml"):
            settings = TrainConfig.load(path, set_ or (), given)
        else:
            settings = TrainConfig.make({} if config is None else {"preset": config}, set_ or (), given)
        set_threads(threads or default_threads(neurons_of(settings)))
        if settings.training.epochs == 0:
            print("With 0 epochs nothing is trained; the run contains the initial weights.", file=sys.stderr)
        directory = run or default_run_path(Path("runs"), settings.task.run_name(settings.sections))
        note(directory)
        with stoppable(directory), progress_bar(quiet=json, score=settings.task.score) as bar:
            announce_compilation(settings)
            progress = bar if json else both(bar, announce_chosen(settings, directory))
            if track is None:
                summary = fit(settings, directory, data_dir, progress, together)
            else:
                from infomorphic.training.trackers import track as followed
                from infomorphic.training.trackers import tracker

                summary = followed(
                    tracker(track),
                    settings.model_dump(mode="json"),
                    lambda report: fit(settings, directory, data_dir, both(progress, report), together),
                )
        print_summary(summary, Run.open(directory), json)

    in_processes(context.obj, processes, threads, data_dir, lead)
