"""Evaluate the network of a run on labeled images."""

from collections.abc import Callable
from pathlib import Path

from infomorphic.errors import ConfigurationError
from infomorphic.networks.evaluation import Evaluation, evaluate
from infomorphic.networks.network import Inference
from infomorphic.seeding import generator_for
from infomorphic.tasks.classification.data import check_classification, images_and_labels, load_data, load_network
from infomorphic.text import percent
from infomorphic.training.evaluation import trained_run
from infomorphic.training.results import Evaluated, Result, Table
from infomorphic.training.run import Run
from infomorphic.training.task import EvaluationOptions, TrainedRun


def evaluate_run(
    run: Run,
    part: str = "test",
    data_dir: Path | None = None,
    dataset: str | None = None,
    inference: Inference = "sampled",
    samples: int = 1,
    seed: int = 0,
) -> Evaluation:
    """Evaluate the network of a run on one part (train, validation, test) of its data set, or of another one of the same shape."""
    check_classification(run.config)
    trained = trained_run(run, data_dir)
    found = _evaluator(trained, part, dataset, seed)(inference, samples)
    run.check_config(trained.checkpoint)
    return found


def evaluated(run: TrainedRun, options: EvaluationOptions) -> Evaluated:
    """Accuracy with one sample and with expected outputs, and the confusion matrix of the chosen inference."""
    part, seed, samples = options.split or "test", options.seed or 0, options.samples or 1
    if options.expected and samples > 1:
        raise ConfigurationError("`samples` must be 1 with expected outputs, which draw no samples. Leave out one of the two.")
    evaluation = _evaluator(run, part, options.dataset, seed)
    results = {"one sample": evaluation("sampled", 1), "expected outputs": evaluation("expected", 1)}
    chosen = "expected outputs" if options.expected else "one sample"
    if samples > 1:
        chosen = f"the mean of {samples} samples"
        results[chosen] = evaluation("sampled", samples)
    found = results[chosen]
    others = "".join(f", {percent(r.accuracy)} with {inference}" for inference, r in results.items() if inference != chosen)
    # Training seeds its one sample with the seed and the epoch of the training.
    trained = run.summary.get(f"{part}_accuracy") if options.dataset is None else None
    drawn_again = isinstance(trained, int | float) and trained != results["one sample"].accuracy
    return Evaluated(
        {
            "accuracy": found.accuracy,
            "error": 1 - found.accuracy,
            "samples": found.samples,
            "confusion": found.confusion.tolist(),
            "inference": chosen,
            "seed": seed,
            "accuracy_one_sample": results["one sample"].accuracy,
            "accuracy_expected": results["expected outputs"].accuracy,
        },
        Result(
            f"{run.path}, {part} images: {percent(found.accuracy)} of {found.samples} right with {chosen}{others}",
            f"This sample is drawn with seed {seed}; the training reported {percent(trained)} with another draw." if drawn_again else "",
            _confusion(found),
        ),
    )


def _confusion(found: Evaluation) -> Table:
    classes = range(len(found.confusion))
    rows = [
        [str(label), *(str(n) if n or c == label else "·" for c, n in enumerate(row))]
        for label, row in zip(classes, found.confusion.tolist(), strict=True)
    ]
    return Table(["", *map(str, classes)], rows, "label (row) predicted as (column)", {(c, c + 1) for c in classes})


def _evaluator(run: TrainedRun, part: str, dataset: str | None, seed: int) -> Callable[[Inference, int], Evaluation]:
    """The evaluation as a function of inference and number of samples; network and data are loaded once."""
    data = load_data(run.sections, run.data_dir, dataset)
    network = load_network(run, data)
    images, labels = images_and_labels(data, part)
    return lambda inference, samples: evaluate(network, images, labels, generator_for(seed, f"evaluation {part}"), inference, samples)
