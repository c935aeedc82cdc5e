"""Helpers shared by the commands about studies."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infomorphic.cli.progress import clock, elapsed_column, stderr_console
from infomorphic.cli.stopping import Stopped
from infomorphic.passwords import HIDDEN, without_passwords

if TYPE_CHECKING:
    from infomorphic.studies import Status, Study

Name = Annotated[str, typer.Argument(help="The study.")]
Storage = Annotated[
    str | None,
    typer.Option(
        "--storage",
        envvar="INFOMORPHIC_STORAGE",
        help="postgresql://…, mysql://…, grpc://HOST:PORT; default: a file in the study's folder. Other users of the machine see the command "
        "line: put an address with a password into INFOMORPHIC_STORAGE, or the password into ~/.pgpass.",
    ),
]
Folder = Annotated[Path, typer.Option("--dir", envvar="INFOMORPHIC_STUDIES", help="The folder that contains one folder per study.")]
STUDIES = Path("studies")


def folder_of(name: str, parent: Path) -> Path:
    """The folder of a study."""
    from infomorphic.studies.engine.limits import check_name

    return parent / check_name(name)


def open_study(name: str, parent: Path, storage: str | None, patience: float | None = None) -> Study:
    """Open an existing study; never create one.

    Args:
        name: the name of the study.
        parent: the folder that contains one folder per study.
        storage: the address of the storage; None for the study's own file.
        patience: seconds to wait for a storage that does not answer; by default the short wait of read-only commands.
    """
    from infomorphic.errors import StudyError
    from infomorphic.studies import Study, embedded
    from infomorphic.studies.engine.patience import SECONDS_TO_LOOK
    from infomorphic.studies.engine.storage import FILE

    folder = folder_of(name, parent)
    if storage is None and not (folder / FILE).is_file():
        known = _names_in(parent)
        there = f"there are {', '.join(known)}" if known else "there are none"
        raise StudyError(f"there is no study {name!r} in {parent}; {there}. Create it with: infomorphic study new {name} --kind KIND")
    return Study.open(name, storage or embedded(folder), patience=SECONDS_TO_LOOK if patience is None else patience)


def _names_in(parent: Path) -> list[str]:
    """The names of the studies that have a folder in `parent`."""
    from infomorphic.studies.engine.storage import FILE

    return sorted(p.parent.name for p in parent.glob(f"*/{FILE}"))


def statuses(parent: Path, storage: str | None) -> list[dict[str, Any]]:
    """The status of each study as a record; for an unreadable study, its name and the error."""
    from dataclasses import asdict

    from infomorphic.errors import InfomorphicError
    from infomorphic.studies import Study
    from infomorphic.studies.engine.patience import SECONDS_TO_LOOK

    names = _names_in(parent) if storage is None else Study.names(storage, patience=SECONDS_TO_LOOK)
    found: list[dict[str, Any]] = []
    for name in names:
        try:
            if storage is None:
                opened = open_study(name, parent, None)
            else:
                opened = Study.open(name, storage, patience=SECONDS_TO_LOOK)
            found.append(asdict(opened.status()))
        except InfomorphicError as error:
            found.append({"study": name, "error": str(error)})
    return found


def print_statuses(parent: Path, storage: str | None, json: bool) -> None:
    """Print one line per study."""
    from rich.table import Table
    from rich.text import Text

    from infomorphic.cli.output import console, print_json
    from infomorphic.passwords import hide_password

    found = statuses(parent, storage)
    if json:
        print_json({"studies": found})
        return
    if not found:
        where = hide_password(storage) if storage else parent
        typer.echo(f"there are no studies in {where}. Create one with: infomorphic study new NAME --kind KIND")
        return
    counts = ("total", "complete", "pruned", "running", "pending", "failed")
    table = Table(box=None, pad_edge=False)
    for heading in ("study", "kind", *counts):
        table.add_column(heading, justify="right" if heading in counts else "left")
    for record in found:
        if "error" not in record:
            table.add_row(*(Text(str(record[key])) for key in ("study", "kind", *counts)))
    out = console()
    if any("error" not in record for record in found):
        out.print(table)
    for record in found:
        if "error" in record:
            typer.echo(f"{record['study']} cannot be read: {record['error']}", err=True)


def command_with(ctx: typer.Context, words: Sequence[str], only: Collection[str] | None = None) -> str:
    """A command with the options typed for the current one, without passwords and without values from the environment.

    Args:
        ctx: the context of the current command.
        words: the command and its arguments.
        only: the parameters to keep; None for all.
    """
    typed: list[str] = []
    for parameter in ctx.command.params:
        name, value = str(parameter.name), ctx.params.get(str(parameter.name))
        source = ctx.get_parameter_source(name)
        if (
            parameter.param_type_name != "option"
            or source is None
            or source.name != "COMMANDLINE"
            or (only is not None and name not in only)
        ):
            continue
        flag = max(parameter.opts, key=len)
        if isinstance(value, bool):
            typed.append(flag if value else max(parameter.secondary_opts, key=len))
        else:
            typed += [word for one in (value if isinstance(value, list | tuple) else [value]) for word in (flag, str(one))]
    command = shlex.join(["infomorphic", *without_passwords([*words, *typed])])
    return (
        f"{command} (with the password in place of {HIDDEN}, or with the address in INFOMORPHIC_STORAGE)" if HIDDEN in command else command
    )


@contextmanager
def interruption_reported(command: str, grace: float | None = None) -> Iterator[None]:
    """At Ctrl-C or SIGTERM, report which trials were returned to the queue, and the command that continues."""
    from infomorphic.interruption import exit_status
    from infomorphic.studies import WorkInterrupted

    try:
        yield
    except KeyboardInterrupt as stop:
        interrupted = stop if isinstance(stop, WorkInterrupted) else WorkInterrupted(status=exit_status(stop))
        given_back, stuck = interrupted.given_back, interrupted.stuck
        returned = f"{_trials(given_back)} returned to the queue; " if given_back else ""
        after = f"after {grace:.0f} seconds" if grace else "after a while"
        returned += f"{_trials(stuck)} not returned, because the storage does not answer, and will be taken over {after}; " if stuck else ""
        raise Stopped(f"{returned}complete trials are kept. Continue with: {command}", interrupted.status) from None


def _trials(count: int) -> str:
    return "1 trial was" if count == 1 else f"{count} trials were"


def print_status(status: Status) -> None:
    """Print the status of a study for people."""
    from rich.table import Table

    from infomorphic.cli.output import bold, console

    out = console()
    out.print("\n", bold(status.study), f", a study of kind {status.kind}: {status.total} trials\n", sep="")
    table = Table(box=None, pad_edge=False, show_header=False)
    rows = {
        "complete": status.complete,
        "pruned": status.pruned,
        "running": status.running,
        "pending": status.pending,
        "failed": status.failed,
    }
    for name, count in rows.items():
        if count or name not in ("pruned",):
            table.add_row(name, str(count))
    if status.seconds_left and not status.finished:
        workers = "one worker" if status.workers <= 1 else f"{status.workers} workers"
        table.add_row("time left", f"about {duration(status.seconds_left)} with {workers}")
    out.print(table)
    for reason in status.failures[:5]:
        out.print(f"\nfailed: {reason}")


def duration(seconds: float) -> str:
    """Seconds in words."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172_800 else f"{seconds / 86_400:.1f} days"


@contextmanager
def study_progress(*, quiet: bool) -> Iterator[Callable[[Status], None]]:
    """A function that reports a study's status: as a bar on a terminal, as occasional lines in a log, not at all if `quiet`."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = stderr_console()
    if quiet or not console.is_terminal:
        yield (lambda status: None) if quiet else _Log()
        return
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), BarColumn(), TextColumn("{task.fields[what]}"), elapsed_column())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=None, what="")

        def report(status: Status) -> None:
            left = f"{clock(status.seconds_left)} left" if status.seconds_left else ""
            failed = f"{status.failed} failed " if status.failed else ""
            done = status.complete + status.pruned + status.failed
            what = f"{status.running} running {failed}{left}"
            bar.update(task, description=status.study, total=status.total, completed=done, what=what)

        yield report


class _Log:
    """Prints a line on stderr at most every ten seconds, and at the end."""

    def __init__(self) -> None:
        self.last: tuple[float, Any] = (time.monotonic(), None)

    def __call__(self, status: Status) -> None:
        now, counts = time.monotonic(), (status.study, status.complete, status.failed, status.running)
        if counts != self.last[1] and (now - self.last[0] > 10 or status.finished):
            self.last = (now, counts)
            left = f", {clock(status.seconds_left)} left" if status.seconds_left else ""
            failed = f", {status.failed} failed" if status.failed else ""
            print(
                f"{status.study}: {status.complete}/{status.total} complete, {status.running} running{failed}{left}",
                file=sys.stderr,
                flush=True,
            )
