"""What the training commands print."""

from __future__ import annotations

import math
import os
import re
import shlex
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from infomorphic.cli.progress import clock, count_column, elapsed_column, stderr_console

if TYPE_CHECKING:
    from pathlib import Path

    from infomorphic.training import Progress, Run, Summary, TrainConfig
    from infomorphic.training.results import Evaluated, Result, Score


def set_threads(threads: int | None) -> None:
    """Compute with this many threads, if a number is given.

    Raises:
        ConfigurationError: if `threads` is out of range: the system may kill a process that requests too many.
    """
    if threads is not None:
        import torch

        from infomorphic.errors import ConfigurationError
        from infomorphic.limits import MOST_THREADS
        from infomorphic.quoting import quoted

        if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= MOST_THREADS:
            raise ConfigurationError(f"`threads` must be a whole number from 1 to {MOST_THREADS}; got {quoted(threads)}.")

        torch.set_num_threads(threads)


# See "Threads" in docs/explanation/speed.md.
_NEURONS_WORTH_A_SECOND_THREAD = 200


def default_threads(neurons: int | None) -> int | None:
    """One thread for a network so small that a second one costs more than it gains, or of unknown size; otherwise None for torch's default.

    If the user has set OMP_NUM_THREADS, it decides.
    """
    return 1 if (neurons or 0) < _NEURONS_WORTH_A_SECOND_THREAD and "OMP_NUM_THREADS" not in os.environ else None


def neurons_of(config: TrainConfig) -> int | None:
    """The number of neurons of a network before its data are read; None if its task does not know it."""
    return config.task.num_neurons(config.sections)


def neurons_of_runs(paths: Sequence[Path]) -> int:
    """How many neurons the largest network of some runs has, as far as their configurations can be read."""
    from infomorphic.errors import InfomorphicError, InfomorphicWarning
    from infomorphic.training import Run

    found = [0]
    for path in paths:
        # What is wrong with a run is reported where it is used.
        with warnings.catch_warnings(), suppress(InfomorphicError):
            warnings.simplefilter("ignore", InfomorphicWarning)
            found.append(neurons_of(Run.open(path).config) or 0)
    return max(found)


def announce_compilation(config: TrainConfig) -> None:
    """Print on stderr that the kernels will be compiled, if this run is the first on this machine."""
    if config.training.device == "cpu":
        announce_first_compilation()


def announce_first_compilation() -> None:
    """Print on stderr that the kernels will be compiled, if no process on this machine has compiled them yet."""
    from infomorphic.objective import needs_compilation

    if needs_compilation():
        print("Compiling the kernels for this machine, once; about ten seconds …", file=sys.stderr, flush=True)


@contextmanager
def progress_bar(*, quiet: bool, score: Score | None = None) -> Iterator[Callable[[Progress], None]]:
    """A function that reports progress: as a bar on a terminal, as occasional lines in a log, not at all if `quiet`.

    Args:
        quiet: whether to report nothing.
        score: how the task counts success, which is shown if it was recorded.
    """
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    console = stderr_console()
    if quiet or not console.is_terminal:
        yield (lambda progress: None) if quiet else _Log(score)
        return
    columns = (
        TextColumn("{task.description}"),
        count_column(),
        BarColumn(),
        TextColumn("{task.fields[what]}"),
        elapsed_column(),
        TextColumn("{task.fields[left]}"),
    )
    with Bar(*columns, console=console) as bar:
        task = bar.add_task("", total=None, what="", left="")

        def report(progress: Progress) -> None:
            training = progress.phase == "training"
            bar.update(
                task,
                description="epoch" if training else progress.phase,
                total=progress.epochs if training else None,
                completed=progress.done,
                what=_described(progress.metrics, score),
                left=_left(progress),
            )

        yield report


def both(first: Callable[[Progress], None], second: Callable[[Progress], None]) -> Callable[[Progress], None]:
    """A function that calls both."""

    def report(progress: Progress) -> None:
        first(progress)
        second(progress)

    return report


class _Log:
    """Prints a line on stderr at most every ten seconds, and for the last epoch."""

    def __init__(self, score: Score | None) -> None:
        self.last = time.monotonic()
        self.score = score

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        recorded = progress.metrics and progress.done == progress.epoch
        if recorded and (now - self.last > 10 or progress.epoch == progress.epochs):
            self.last = now
            where = f"epoch {progress.epoch}/{progress.epochs}  {_described(progress.metrics, self.score)}  {_left(progress)}"
            print(where.rstrip(), file=sys.stderr, flush=True)


def _left(progress: Progress) -> str:
    if math.isnan(progress.seconds_left) or progress.epoch == progress.epochs:
        return ""
    return f"{clock(progress.seconds_left)} left"


def announce_chosen(given: TrainConfig, run: Path) -> Callable[[Progress], None]:
    """A progress function that prints once, on stderr, the settings that the task chose because none were given."""
    is_announced = False

    def report(progress: Progress) -> None:
        nonlocal is_announced
        if is_announced or progress.phase == "reading the data":
            return
        is_announced = True
        from infomorphic.training import Run

        if chosen := given.task.chosen(given.sections, Run.open(run).config.sections):
            print(re.sub(r"`(\w+\.\w+=[^`]+)`", r"--set \1", chosen), file=sys.stderr, flush=True)

    return report


def _described(metrics: dict[str, Any], score: Score | None) -> str:
    if not metrics:
        return ""
    from infomorphic.training.results import in_words

    goal = next((f"goal {v:.3f} bit" for k, v in metrics.items() if k.endswith(".goal")), None)
    loss = f"loss {metrics['loss']:.4f}" if "loss" in metrics else None
    watched = metrics.get(score.watched) if score is not None else None
    success = None if score is None or watched is None or math.isnan(watched) else f"{in_words(score.watched)} {score.written(watched)}"
    return "  ".join(part for part in (loss, goal, success) if part)


def print_summary(summary: Summary, run: Run, json: bool) -> None:
    """Print the result of a training in the words of its task, and what its layers encode."""
    from infomorphic.cli.learned import print_learned
    from infomorphic.cli.output import console, print_json

    if json:
        print_json(asdict(summary))
        return
    out = console()
    _print_result(run.config.task.in_words(summary), out)
    print_learned(run, out)
    out.print(f"\n{summary.seconds:.0f} s, at most {summary.peak_memory_mib:.0f} MiB; everything is in {summary.run}")
    out.print(f"Look inside: infomorphic report {shlex.quote(summary.run)} --open", soft_wrap=True)


def print_evaluated(found: Evaluated, json: bool) -> None:
    """Print what an evaluation found, with its pictures; or its numbers as one JSON object."""
    from infomorphic.cli.output import console, print_json

    if json:
        print_json(dict(found.record))
        return
    out = console()
    _print_result(found.result, out)
    if found.pictures:
        from infomorphic.cli.drawing import draw_bits

        draw_bits(found.pictures, found.legend, out)


def _print_result(result: Result, out: Any) -> None:
    from rich.table import Table

    from infomorphic.cli.output import bold

    out.print("\n", bold(result.heading), "\n", sep="")
    if result.sentence:
        out.print(result.sentence)
    if result.table is None:
        return
    table = Table(box=None, pad_edge=False, title=result.table.title or None, title_justify="left")
    for place, heading in enumerate(result.table.headings):
        table.add_column(heading, justify="right" if place else "left")
    for i, row in enumerate(result.table.rows):
        table.add_row(*(bold(cell) if (i, j) in result.table.emphasized else cell for j, cell in enumerate(row)))
    out.print(table)
