"""The format of times and the output stream that all progress bars and lines share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import ProgressColumn


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


def stderr_console() -> Console:
    """A console on stderr, so that results on stdout can be piped."""
    from rich.console import Console

    return Console(stderr=True)
