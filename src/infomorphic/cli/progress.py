"""The format of times and the output stream that all progress bars and lines share."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import ProgressColumn


_SECONDS_BETWEEN_LINES = 10.0


def clock(seconds: float) -> str:
    """Seconds as m:ss, or h:mm:ss from one hour."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def elapsed_column() -> ProgressColumn:
    """The time since a bar began, as `clock` writes it."""
    from rich.progress import ProgressColumn, Task
    from rich.text import Text

    class Elapsed(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(clock(task.elapsed or 0.0), style="progress.elapsed")

    return Elapsed()


def count_column() -> ProgressColumn:
    """How much of a phase is done, such as 3/100; nothing for a phase that is not counted."""
    from rich.progress import MofNCompleteColumn, Task
    from rich.text import Text

    class Count(MofNCompleteColumn):
        def render(self, task: Task) -> Text:
            return Text() if task.total is None else super().render(task)

    return Count()


def stderr_console() -> Console:
    """A console on stderr, so that results on stdout can be piped."""
    from rich.console import Console

    return Console(stderr=True)


@contextmanager
def phase_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A function to report a phase to, how much of it is done, and of how much (0 if that is not counted).

    On stderr: a bar on a terminal, in a log a line at most every ten seconds.
    """
    from rich.progress import BarColumn, Progress, TextColumn

    console = stderr_console()
    if not console.is_terminal:
        yield _PhaseLog()
        return
    with Progress(TextColumn("{task.description}"), count_column(), BarColumn(), elapsed_column(), console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda phase, done, total: bar.update(task, description=phase, completed=done, total=total or None)


class _PhaseLog:
    """A line on stderr at most every ten seconds."""

    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, phase: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self.last > _SECONDS_BETWEEN_LINES:
            self.last = now
            print(f"{phase}  {done}/{total}" if total else phase, file=sys.stderr, flush=True)
