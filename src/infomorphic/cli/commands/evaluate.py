"""`infomorphic evaluate`: the accuracy of a trained network."""

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
    split: Annotated[Part, typer.Option("--split", help="Which images.")] = Part.test,
    dataset: Annotated[
        str | None,
        typer.Option(
            "--dataset",
            "-d",
            help="Another data set of the same shape and classes, standardized with the statistics of the training images.",
        ),
    ] = None,
    samples: Annotated[
        int, typer.Option("--samples", "-k", min=1, max=MOST_SAMPLES, help="Average the firing probabilities of this many sampled runs.")
    ] = 1,
    expected: Annotated[
        bool, typer.Option("--expected", help="Deterministic inference: neurons output their expected value instead of a sample.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", "-s", min=0, max=LARGEST_SEED, help="Seed of the sampled outputs.")] = 0,
    data_dir: DataDir = None,
    threads: Threads = None,
    json: Json = False,
) -> None:
    """Measure the accuracy of a trained network with the label withheld. By default each neuron outputs one sample (the published protocol).

    The accuracies with one sample and with expected outputs are always reported; the confusion matrix is for the chosen inference.

    Example: `infomorphic evaluate runs/setup-1-digits-100-seed0 --split validation`
    """
    from infomorphic.cli.training import default_threads, neurons_of_runs, print_evaluations, set_threads
    from infomorphic.tasks.classification.evaluation import evaluator_of_run
    from infomorphic.training import Run

    if expected and samples > 1:
        raise typer.BadParameter("--expected draws no samples: leave out one of the two.", param_hint="--samples")
    set_threads(threads or default_threads(neurons_of_runs([run])))
    directory = Run.open(run)
    evaluated = evaluator_of_run(directory, split.value, data_dir, dataset, seed)
    results = {"one sample": evaluated("sampled", 1), "expected outputs": evaluated("expected", 1)}
    chosen = "expected outputs" if expected else "one sample"
    if samples > 1:
        chosen = f"the mean of {samples} samples"
        results[chosen] = evaluated("sampled", samples)
    # `train` seeds its one sample with the seed and the epoch of the training.
    trained = directory.summary.get(f"{split.value}_accuracy") if dataset is None else None
    print_evaluations(results, chosen, f"{run}, {split.value} images", seed, trained, json)
