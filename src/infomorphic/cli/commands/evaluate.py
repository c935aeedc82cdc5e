"""`infomorphic evaluate`: measure a trained network again."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from infomorphic.cli.options import DataDir, Json, Threads
from infomorphic.limits import LARGEST_SEED, MOST_SAMPLES


class Part(StrEnum):
    """The images to evaluate on."""

    test = "test"
    validation = "validation"
    train = "train"


def evaluate(
    run: Annotated[Path, typer.Argument(help="The run directory.")],
    split: Annotated[Part | None, typer.Option("--split", help="Which images; default: test.")] = None,
    dataset: Annotated[
        str | None,
        typer.Option(
            "--dataset",
            "-d",
            help="Another data set of the same shape and classes, standardized with the statistics of the training images.",
        ),
    ] = None,
    samples: Annotated[
        int | None,
        typer.Option(
            "--samples", "-k", min=1, max=MOST_SAMPLES, help="Average the firing probabilities of this many sampled runs; default: 1."
        ),
    ] = None,
    expected: Annotated[
        bool, typer.Option("--expected", help="Deterministic inference: neurons output their expected value instead of a sample.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", "-s", min=0, max=LARGEST_SEED, help="Seed of the sampled outputs; default: 0.")
    ] = None,
    data_dir: DataDir = None,
    threads: Threads = None,
    json: Json = False,
) -> None:
    """Measure a trained network again, as its task does it.

    For a classifier: the accuracy with the label withheld. By default each neuron outputs one sample (the published protocol). The accuracies with
    one sample and with expected outputs are always reported; the confusion matrix is for the chosen inference. Other tasks have no options.

    Example: `infomorphic evaluate runs/setup-1-digits-100-seed0 --split validation`
    """
    from infomorphic.cli.training import default_threads, neurons_of_runs, print_evaluated, set_threads
    from infomorphic.training import Run
    from infomorphic.training.evaluation import evaluate_run
    from infomorphic.training.task import EvaluationOptions

    set_threads(threads or default_threads(neurons_of_runs([run])))
    options = EvaluationOptions(
        split=None if split is None else split.value, dataset=dataset, samples=samples, expected=expected, seed=seed
    )
    print_evaluated(evaluate_run(Run.open(run), options, data_dir), json)
