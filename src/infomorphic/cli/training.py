"""What the training commands print."""

from __future__ import annotations

import math
import os
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

    from infomorphic.tasks.classification import Evaluation
    from infomorphic.training import Progress, Run, Summary, TrainConfig


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


def default_threads(neurons: int) -> int | None:
    """One thread for a network so small that a second one costs more than it gains; otherwise None for torch's default.

    If the user has set OMP_NUM_THREADS, it decides.
    """
    return 1 if neurons < _NEURONS_WORTH_A_SECOND_THREAD and "OMP_NUM_THREADS" not in os.environ else None


def neurons_of(config: TrainConfig) -> int:
    """How many neurons the settings of a network name; 0 where they name none."""
    return max(getattr(config.network, "hidden", 0), getattr(config.network, "neurons", 0))


def neurons_of_runs(paths: Sequence[Path]) -> int:
    """How many neurons the largest network of some runs has, as far as their configurations can be read."""
    from infomorphic.errors import InfomorphicError, InfomorphicWarning
    from infomorphic.training import Run

    found = [0]
    for path in paths:
        # What is wrong with a run is reported where it is used.
        with warnings.catch_warnings(), suppress(InfomorphicError):
            warnings.simplefilter("ignore", InfomorphicWarning)
            found.append(neurons_of(Run.open(path).config))
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
def progress_bar(*, quiet: bool) -> Iterator[Callable[[Progress], None]]:
    """A function that reports progress: as a bar on a terminal, as occasional lines in a log, not at all if `quiet`."""
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    console = stderr_console()
    if quiet or not console.is_terminal:
        yield (lambda progress: None) if quiet else _Log()
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
                what=_described(progress.metrics),
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

    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        recorded = progress.metrics and progress.done == progress.epoch
        if recorded and (now - self.last > 10 or progress.epoch == progress.epochs):
            self.last = now
            where = f"epoch {progress.epoch}/{progress.epochs}  {_described(progress.metrics)}  {_left(progress)}"
            print(where.rstrip(), file=sys.stderr, flush=True)


def _left(progress: Progress) -> str:
    if math.isnan(progress.seconds_left) or progress.epoch == progress.epochs:
        return ""
    return f"{clock(progress.seconds_left)} left"


def announce_batch_size(given: TrainConfig, run: Path) -> Callable[[Progress], None]:
    """A progress function that prints once, on stderr, the batch size chosen for few images, if none was given."""
    said = getattr(given.training, "batch_size", 0) is not None

    def report(progress: Progress) -> None:
        nonlocal said
        if said or progress.phase == "reading the data":
            return
        said = True
        from infomorphic.tasks.classification.epoch import PUBLISHED_BATCH
        from infomorphic.training import Run

        size = Run.open(run).config.training.model_dump()["batch_size"]
        if size < PUBLISHED_BATCH:
            print(
                f"Batch size {size}, because there are few training images (for the published {PUBLISHED_BATCH}: --set training.batch_size={PUBLISHED_BATCH})",
                file=sys.stderr,
                flush=True,
            )

    return report


def _described(metrics: dict[str, Any]) -> str:
    if not metrics:
        return ""
    goal = next((f"goal {v:.3f} bit" for k, v in metrics.items() if k.endswith(".goal")), None)
    loss = f"loss {metrics['loss']:.4f}" if "loss" in metrics else None
    bits = f"{100 * metrics['bits_correct']:.2f} % of the bits right" if "bits_correct" in metrics else None
    score = f"score {metrics['score']:.3f}" if "score" in metrics else None
    validation = metrics.get("validation_accuracy", float("nan"))
    accuracy = None if math.isnan(validation) else f"validation {100 * validation:.2f} %"
    return "  ".join(part for part in (loss, goal, accuracy, bits, score) if part)


def print_summary(summary: Summary, run: Run, json: bool) -> None:
    """Print the result of a training in the words of its task, and what its layers encode."""
    from rich.table import Table

    from infomorphic.cli.learned import print_learned
    from infomorphic.cli.output import bold, console, print_json

    if json:
        print_json(asdict(summary))
        return
    out = console()
    result = run.config.task.in_words(summary)
    out.print("\n", bold(result.heading), "\n", sep="")
    if result.sentence:
        out.print(result.sentence)
    if result.rows:
        table = Table(box=None, pad_edge=False)
        for place, heading in enumerate(result.headings):
            table.add_column(heading, justify="right" if place else "left")
        for row in result.rows:
            table.add_row(*row)
        out.print(table)
    print_learned(run, out)
    out.print(f"\n{summary.seconds:.0f} s, at most {summary.peak_memory_mib:.0f} MiB; everything is in {summary.run}")
    out.print(f"Look inside: infomorphic report {shlex.quote(summary.run)} --open", soft_wrap=True)


def print_evaluations(results: dict[str, Evaluation], chosen: str, what: str, seed: int, trained: Any, json: bool) -> None:
    """Print the accuracy of each inference, and the confusion matrix of the chosen one.

    Args:
        results: by inference.
        chosen: the inference that the user chose.
        what: names the run and its images.
        seed: the seed of the samples.
        trained: the accuracy with one sample that `train` reported; None if it reported none.
        json: whether to print one JSON object.
    """
    from infomorphic.cli.output import bold, console, print_json
    from infomorphic.text import percent

    result = results[chosen]
    if json:
        print_json(
            {
                "accuracy": result.accuracy,
                "error": 1 - result.accuracy,
                "samples": result.samples,
                "confusion": result.confusion.tolist(),
                "inference": chosen,
                "seed": seed,
                "accuracy_one_sample": results["one sample"].accuracy,
                "accuracy_expected": results["expected outputs"].accuracy,
            }
        )
        return
    from rich.table import Table

    out = console()
    others = "".join(f", {percent(r.accuracy)} with {inference}" for inference, r in results.items() if inference != chosen)
    out.print(f"\n{what}: ", bold(percent(result.accuracy)), f" of {result.samples} right with {chosen}{others}\n", sep="")
    if isinstance(trained, int | float) and trained != results["one sample"].accuracy:
        out.print(f"This sample is drawn with --seed {seed}; `train` reported {percent(trained)} with another draw.\n")
    classes = range(len(result.confusion))
    table = Table(box=None, pad_edge=False, title="label (row) predicted as (column)", title_justify="left")
    table.add_column("")
    for c in classes:
        table.add_column(str(c), justify="right")
    for label, row in zip(classes, result.confusion.tolist(), strict=True):
        table.add_row(str(label), *(bold(str(n)) if c == label else (str(n) if n else "·") for c, n in enumerate(row)))
    out.print(table)
