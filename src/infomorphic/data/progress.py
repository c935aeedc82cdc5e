"""A progress bar on standard error, with the interface that pooch's downloader needs."""

from __future__ import annotations

from types import TracebackType


class ProgressBar:
    """A progress bar. It is shown only if standard error is a terminal and `shown` is true, and removed when done.

    Args:
        title: the text before the bar.
        total: number of steps. Pooch sets it to the size of the file when it knows the size.
        of_bytes: whether steps are bytes, which are shown in MB.
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
        """Number of steps; 0 if unknown."""
        return self._total

    @total.setter
    def total(self, total: int) -> None:
        self._total = total
        self._progress.update(self._task, total=total or None)

    def update(self, steps: int) -> None:
        """Advance by this many steps."""
        self._progress.advance(self._task, steps)

    def reset(self) -> None:
        """Start again from zero."""
        self._progress.reset(self._task, total=self._total or None)

    def close(self) -> None:
        """Remove the bar."""
        self._progress.stop()

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
