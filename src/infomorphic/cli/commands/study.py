"""`infomorphic study`: run many trainings with any number of workers on any number of machines."""

from pathlib import Path
from typing import Annotated

import typer

from infomorphic.cli.options import DataDir, Json, Workers
from infomorphic.cli.studies import STUDIES, Folder, Name, Storage
from infomorphic.limits import LONGEST_SECONDS, MOST_THREADS, MOST_TRIALS

study = typer.Typer(
    help="Run many trainings with any number of workers on any number of machines.\n\nExample: `infomorphic study new sizes --kind layer-size`",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@study.command()
def new(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="A name for the study.")],
    kind: Annotated[
        str,
        typer.Option(
            "--kind", "-k", help="The kind of study, such as layer-size, goal-search or ablation; an unknown name lists all kinds."
        ),
    ],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="key=value for the kind, or section.field=value for every training; may be repeated."),
    ] = None,
    trials: Annotated[int | None, typer.Option("--trials", min=1, max=MOST_TRIALS, help="The number of trials of a search.")] = None,
    grace: Annotated[
        float,
        typer.Option("--grace", min=1, max=LONGEST_SECONDS, help="Seconds without a heartbeat after which a worker counts as dead."),
    ] = 120.0,
    storage: Storage = None,
    directory: Folder = STUDIES,
    json: Json = False,
) -> None:
    """Create a study without running it. Creating the same study again has no effect.

    Example: `infomorphic study new sizes --kind layer-size --set models=setup-1,backprop --set sizes=10,20 --set seeds=0-4 --set dataset=digits`
    """
    from infomorphic.cli.studies import command_with, folder_of, print_status
    from infomorphic.studies import Study, embedded

    folder = folder_of(name, directory)
    made = Study.create(name, kind, set_ or (), url=storage or embedded(folder), trials=trials, grace=grace)
    if json:
        _print_status_json(made)
        return
    print_status(made.status())
    typer.echo(f"\nRun its trials with: {command_with(ctx, ['study', 'work', name], only={'storage', 'directory'})}")


@study.command()
def work(
    ctx: typer.Context,
    name: Name,
    workers: Workers = None,
    trials: Annotated[int | None, typer.Option("--trials", min=1, max=MOST_TRIALS, help="Stop after this many trials.")] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, max=MOST_THREADS, help="Threads per worker.")] = 1,
    keep_runs: Annotated[Path | None, typer.Option("--keep-runs", help="Keep the run directories in this folder.")] = None,
    any_code: Annotated[
        bool, typer.Option("--any-code", help="Work even if the study was created with other code; results may then be mixed.")
    ] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Retry trials that failed permanently.")] = False,
    wait: Annotated[
        bool, typer.Option(help="When the queue is empty, wait while other workers still run trials, and take over from those that die.")
    ] = True,
    data_dir: DataDir = None,
    storage: Storage = None,
    directory: Folder = STUDIES,
    json: Json = False,
) -> None:
    """Run trials of a study until none is left. You can start any number of these commands on any number of machines.

    A worker that is killed loses at most its trial, which another worker repeats.

    Example: `infomorphic study work sizes --workers 4`
    """
    from infomorphic.cli.studies import command_with, interruption_reported, open_study, print_status, study_progress
    from infomorphic.studies import WorkOptions, work_in_processes
    from infomorphic.studies.engine.patience import SECONDS

    command = command_with(ctx, ["study", "work", name])
    with interruption_reported(command):
        opened = open_study(name, directory, storage, patience=SECONDS)
    options = WorkOptions(data_dir, threads, keep_runs, any_code, retry_failed, wait)
    with interruption_reported(command, opened.definition.grace), study_progress(quiet=json) as progress:
        work_in_processes(opened, workers, options, trials, None if json else progress)
    if json:
        _print_status_json(opened)
    else:
        print_status(opened.status())


@study.command("list")
def list_(storage: Storage = None, directory: Folder = STUDIES, json: Json = False) -> None:
    """List the studies and their progress.

    Example: `infomorphic study list`
    """
    from infomorphic.cli.studies import print_statuses

    print_statuses(directory, storage, json)


@study.command()
def status(
    name: Annotated[str | None, typer.Argument(help="The study; by default all are listed.")] = None,
    storage: Storage = None,
    directory: Folder = STUDIES,
    json: Json = False,
) -> None:
    """Show the progress of a study: trials complete, running, failed and left, and the estimated time.

    Example: `infomorphic study status sizes`
    """
    from infomorphic.cli.studies import open_study, print_status, print_statuses

    if name is None:
        print_statuses(directory, storage, json)
        return
    opened = open_study(name, directory, storage)
    if json:
        _print_status_json(opened)
    else:
        print_status(opened.status())


@study.command()
def export(
    name: Name,
    out: Annotated[Path, typer.Option("--out", "-o", help="The CSV or Parquet file to write.")],
    storage: Storage = None,
    directory: Folder = STUDIES,
    json: Json = False,
) -> None:
    """Write a table with one row per complete trial: parameters, metrics, seconds, versions, machine.

    Example: `infomorphic study export sizes --out sizes.csv`
    """
    from infomorphic.cli.output import print_json
    from infomorphic.cli.studies import open_study
    from infomorphic.studies import export as export_table

    rows = export_table(open_study(name, directory, storage), out)
    if json:
        print_json({"study": name, "rows": rows, "file": str(out)})
    else:
        typer.echo(f"{rows} rows in {out}")


@study.command()
def report(
    name: Name,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The folder to write into; default: report/ in the study's folder.")
    ] = None,
    storage: Storage = None,
    directory: Folder = STUDIES,
    json: Json = False,
) -> None:
    """Write the figures of a study, the data behind them, and a summary in words.

    Example: `infomorphic study report sizes`
    """
    from infomorphic.cli.output import print_json
    from infomorphic.cli.studies import folder_of, open_study
    from infomorphic.studies.report import report as report_of

    files = report_of(open_study(name, directory, storage)).write(out or folder_of(name, directory) / "report")
    if json:
        print_json({"study": name, "files": [str(f) for f in files]})
        return
    for file in files:
        typer.echo(str(file))


@study.command()
def delete(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    storage: Storage = None,
    directory: Folder = STUDIES,
    json: Json = False,
) -> None:
    """Delete a study and its trials permanently. Exported tables, reports and kept runs remain.

    Example: `infomorphic study delete sizes`
    """
    import sys

    from infomorphic.cli.output import print_json
    from infomorphic.cli.studies import folder_of, open_study
    from infomorphic.errors import StudyError
    from infomorphic.studies.engine.storage import FILE

    opened = open_study(name, directory, storage)
    opened.bury_gone()
    standing = opened.status()
    if standing.running:
        raise StudyError(f"{standing.running} trials of the study {name!r} are running; stop its workers first.")
    if not yes:
        if not sys.stdin.isatty():
            raise StudyError(f"{standing.complete} complete trials of the study {name!r} would be deleted. To do so, pass `yes=True`.")
        if not typer.confirm(f"Delete the study {name} with its {standing.complete} complete trials?"):
            return
    opened.delete()
    if storage is None and not opened.storage.get_all_studies():
        folder = folder_of(name, directory)
        (folder / FILE).unlink()
        if not any(folder.iterdir()):
            folder.rmdir()
    if json:
        print_json({"study": name, "deleted": True, "complete": standing.complete})
    else:
        typer.echo(f"the study {name} is deleted")


@study.command("save-goal")
def save_goal(
    name: Name,
    goal: Annotated[str, typer.Argument(help="A name for the goal, which is then available as saved/NAME.")],
    trial: Annotated[
        int | None, typer.Option("--trial", min=0, max=MOST_TRIALS, help="The trial that found it; default: the best.")
    ] = None,
    storage: Storage = None,
    directory: Folder = STUDIES,
    json: Json = False,
) -> None:
    """Save a goal that a search found, for use as `--goal saved/NAME`.

    Example: `infomorphic study save-goal search my-goal`
    """
    from infomorphic.cli.output import print_json
    from infomorphic.cli.studies import open_study
    from infomorphic.studies.found_goals import save_found_goal, training_command

    opened = open_study(name, directory, storage)
    saved = save_found_goal(opened, goal, trial)
    command = training_command(opened, saved.name)
    if json:
        print_json({**saved._asdict(), "command": command})
    else:
        typer.echo(f"{saved.name}: {saved.goal}\n{saved.source}\nTrain with it: {command}")


def _print_status_json(opened) -> None:
    from dataclasses import asdict

    from infomorphic.cli.output import print_json

    print_json(asdict(opened.status()))
