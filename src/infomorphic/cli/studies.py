"""What the commands around studies share."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from infomorphic.studies import Status, Study

Name = Annotated[str, typer.Argument(help="The study.")]
Storage = Annotated[
    str | None,
    typer.Option(
        "--storage",
        envvar="INFOMORPHIC_STORAGE",
        help="postgresql://…, mysql://…, grpc://HOST:PORT; by default a file in the study's folder.",
    ),
]
Folder = Annotated[Path, typer.Option("--dir", envvar="INFOMORPHIC_STUDIES", help="The folder that has a folder for each study.")]
STUDIES = Path("studies")


def folder_of(name: str, parent: Path) -> Path:
    """The folder of a study."""
    from infomorphic.errors import StudyError

    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise StudyError(f"the name of a study must have letters, digits, '.', '_' and '-'; got {name!r}.")
    return parent / name


def open_study(name: str, parent: Path, storage: str | None) -> Study:
    """An existing study; nothing is made where there is none."""
    from infomorphic.errors import StudyError
    from infomorphic.studies import Study, embedded
    from infomorphic.studies.storage import FILE

    folder = folder_of(name, parent)
    if storage is None and not (folder / FILE).is_file():
        known = sorted(p.parent.name for p in parent.glob(f"*/{FILE}"))
        there = f"there are {', '.join(known)}" if known else "there is none"
        raise StudyError(f"there is no study {name!r} in {parent}; {there}. Make it with: infomorphic study new {name} --kind KIND")
    return Study.open(name, storage or embedded(folder))


def print_status(status: Status) -> None:
    """How a study stands, for people."""
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
    """Seconds as people say them."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172_800 else f"{seconds / 86_400:.1f} days"


@contextmanager
def study_progress(*, quiet: bool) -> Iterator[Callable[[Status], None]]:
    """A function to report a study's status to: a bar on a terminal, a line now and then in a log, nothing if `quiet`."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield (lambda status: None) if quiet else _Log()
        return
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), BarColumn(), TextColumn("{task.fields[what]}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=None, what="")

        def report(status: Status) -> None:
            left = f"{duration(status.seconds_left)} left" if status.seconds_left else ""
            failed = f"{status.failed} failed " if status.failed else ""
            done = status.complete + status.pruned + status.failed
            what = f"{status.running} running {failed}{left}"
            bar.update(task, description=status.study, total=status.total, completed=done, what=what)

        yield report


class _Log:
    """A line on stderr at most every ten seconds, and at the end."""

    def __init__(self) -> None:
        self.last: tuple[float, Any] = (time.monotonic(), None)

    def __call__(self, status: Status) -> None:
        now, counts = time.monotonic(), (status.study, status.complete, status.failed, status.running)
        if counts != self.last[1] and (now - self.last[0] > 10 or status.finished):
            self.last = (now, counts)
            left = f", about {duration(status.seconds_left)} left" if status.seconds_left else ""
            failed = f", {status.failed} failed" if status.failed else ""
            print(
                f"{status.study}: {status.complete}/{status.total} complete, {status.running} running{failed}{left}",
                file=sys.stderr,
                flush=True,
            )
