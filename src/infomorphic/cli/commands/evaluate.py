"""`infomorphic evaluate`: the accuracy of a trained network."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from infomorphic.cli.options import DataDir, Json, Threads


class Part(StrEnum):
    """Which images to evaluate on."""

    test = "test"
    validation = "validation"
    train = "train"


def evaluate(
    run: Annotated[Path, typer.Argument(help="The run directory.")],
    split: Annotated[Part, typer.Option("--split", help="Which images.")] = Part.test,
    dataset: Annotated[str | None, typer.Option("--dataset", "-d", help="Another data set of the same shape and classes.")] = None,
    samples: Annotated[int, typer.Option("--samples", "-k", min=1, help="Average the firing probabilities of this many sampled runs.")] = 1,
    expected: Annotated[
        bool, typer.Option("--expected", help="Deterministic inference: pass on expected outputs instead of samples.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", "-s", help="Draws the sampled outputs.")] = 0,
    data_dir: DataDir = None,
    threads: Threads = None,
    json: Json = False,
) -> None:
    """Evaluate a trained network with the label withheld: by one sampled output (the published protocol) unless told otherwise.

    Example: `infomorphic evaluate runs/setup-1-digits-100-seed0 --split validation`
    """
    from infomorphic.cli.training import print_evaluation, set_threads
    from infomorphic.training import Run, evaluate_run

    set_threads(threads)
    result = evaluate_run(Run.open(run), split.value, data_dir, dataset, "expected" if expected else "sampled", samples, seed)
    print_evaluation(result, f"{run}, {split.value} images", json)
