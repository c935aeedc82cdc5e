"""A progress bar on standard error, in the form that pooch's downloader wants one."""

from __future__ import annotations

from types import TracebackType


class ProgressBar:
    """Shown only where standard error is a terminal and `shown` is true; gone when done.

    Args:
        title: what is being done.
        total: how many steps that takes; pooch sets the size of the file when it knows it.
        of_bytes: steps are bytes, shown in MB.
    """

    def __init__(self, title: str, shown: bool, total: int = 0, of_bytes: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True)
        count = DownloadColumn() if of_bytes else MofNCompleteColumn()
        columns = (TextColumn("{task.description}"), BarColumn(), count, TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, transient=True, disable=not (shown and console.is_terminal))
        self._task = self._progress.add_task(title, total=total or None)
        self._total = total

    @property
    def total(self) -> int:
        """How many steps there are; 0 if that is not known."""
        return self._total

    @total.setter
    def total(self, total: int) -> None:
        self._total = total
        self._progress.update(self._task, total=total or None)

    def update(self, steps: int) -> None:
        """Go on by so many steps."""
        self._progress.advance(self._task, steps)

    def reset(self) -> None:
        """Start again from no step."""
        self._progress.reset(self._task, total=self._total or None)

    def close(self) -> None:
        """Remove the bar."""
        self._progress.stop()

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
