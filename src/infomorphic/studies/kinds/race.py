"""A fair race: the test accuracy of networks whose learning rates were chosen on validation data, with the cost of their training.

A trial trains a network with each of some learning rates and chooses among them on the validation images of its seed. Only of the
chosen network the accuracy on the test images is read.
"""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from infomorphic import plugins
from infomorphic.errors import StudyError
from infomorphic.limits import MOST_RATE
from infomorphic.networks.settings import Optimizer, Real
from infomorphic.studies.engine.settings import Listed, Seeds, TrainingSettings
from infomorphic.studies.engine.space import Grid, Params
from infomorphic.studies.engine.trial import TrialContext
from infomorphic.studies.models import model_config
from infomorphic.studies.published_networks import RACE, has_hidden_neurons
from infomorphic.training import TrainConfig

if TYPE_CHECKING:
    import pandas as pd

    from infomorphic.studies.engine.report import Report

OBJECTIVE = "validation_accuracy_expected"
BY_BACKPROPAGATION = "+backprop"
"""The end of the name of a network that is trained by backpropagation instead of its goals."""


class Settings(TrainingSettings):
    """Which networks at which sizes on which data sets, and the learning rates to choose from."""

    datasets: Listed[str] = ("mnist", "fashion-mnist", "cifar10", "rhm")
    """Data sets."""
    models: Listed[str] = RACE
    """Presets, each with its default goal or, after a colon, another; with `+backprop` at the end, the same network by backpropagation."""
    sizes: Listed[int] = (100, 500, 2000)
    """Numbers of hidden neurons."""
    factors: Listed[Annotated[Real, Field(gt=0, le=MOST_RATE)]] = (0.5, 1.0, 2.0)
    """Factors of all learning rates of a network to choose from, for every network, size, data set and seed."""
    seeds: Seeds = (0, 1, 2)
    """Seeds with which each network is trained."""


def space(settings: Settings) -> Grid:
    """Every network at every size on every data set with every seed; a network without hidden neurons has size 0."""
    return Grid(
        tuple(
            {"dataset": dataset, "model": model, "size": size, "seed": seed}
            for seed in settings.seeds
            for dataset in settings.datasets
            for model in settings.models
            for size in (settings.sizes if has_hidden_neurons(plugins.parted(_network(model))[0]) else (0,))
        )
    )


def config(settings: Settings, params: Params, factor: float = 1.0) -> TrainConfig:
    """The training of one network with all of its learning rates multiplied by a factor."""
    model = str(params["model"])
    found = model_config(settings, str(params["dataset"]), _network(model), int(params["size"]), int(params["seed"]))
    if not getattr(found.data, "validation_fraction", 0):
        raise StudyError("a race needs validation images to choose on; `data.validation_fraction` must be above 0.")
    if model.endswith(BY_BACKPROPAGATION):
        found = found.with_training(learning="backprop")
    rates = {
        name: value.model_copy(update={"learning_rate": factor * value.learning_rate})
        for name, value in found.network
        if isinstance(value, Optimizer)
    }
    return found.model_copy(update={"network": found.network.model_copy(update=rates)})


def run(settings: Settings, params: Params, trial: TrialContext) -> dict[str, float]:
    """Train with each factor; return the metrics of the network with the best validation accuracy, and the validation accuracy of each."""
    found = {factor: trial.candidate(config(settings, params, factor), OBJECTIVE, f"{factor:g}") for factor in settings.factors}
    best = max(found, key=lambda factor: found[factor][OBJECTIVE])
    return {**found[best], "factor": best, **{f"{OBJECTIVE}_{factor:g}": metrics[OBJECTIVE] for factor, metrics in found.items()}}


def cost(settings: Settings, params: Params) -> float:
    """Estimated seconds of all trainings of a trial."""
    one = config(settings, params)
    return len(settings.factors) * one.task.estimated_seconds(one.sections)


def report(settings: Settings, table: "pd.DataFrame", report: "Report") -> None:
    """The table of the race: accuracies, chosen factors, seconds and memory; and test errors over size."""
    import pandas as pd

    from infomorphic.plots.figures import new_figure
    from infomorphic.plots.ranges import Ranges, plot_ranges

    rows, cells = [], []
    for dataset, model, size in dict.fromkeys(zip(table["dataset"], table["model"], table["size"], strict=True)):
        trials = table.query("dataset == @dataset and model == @model and size == @size")
        test, one, train = (100 * trials[name] for name in ("test_accuracy_expected", "test_accuracy", "train_accuracy_expected"))
        seconds, memory = trials["training_seconds"].median(), trials["peak_memory_mib"].median()
        factors = ", ".join(f"{factor:g}" for factor in trials.sort_values("seed")["factor"])
        cells.append(
            {
                "dataset": dataset,
                "model": model,
                "size": size,
                "runs": len(trials),
                **{
                    f"{name}_{how}": getattr(values, how)()
                    for name, values in (("test", test), ("one_sample", one))
                    for how in ("median", "min", "max")
                },
                "train": train.median(),
                "factors": factors,
                "seconds": seconds,
                "memory_mib": memory,
            }
        )
        rows.append(
            (
                *(dataset, model, size, len(trials)),
                *(f"{values.median():.2f} ({values.min():.2f}–{values.max():.2f})" for values in (test, one)),
                *(f"{train.median():.2f}", factors, f"{seconds:.0f}", f"{memory:.0f}"),
            )
        )
    summary = pd.DataFrame(cells)
    report.keep("race", summary)
    datasets = list(dict.fromkeys(summary["dataset"]))
    figure, axes = new_figure(len(datasets), width=5.0)
    for ax, dataset in zip(axes, datasets, strict=True):
        lines = {}
        for model in settings.models:
            of_model = summary.query("dataset == @dataset and model == @model").sort_values("size")
            if len(of_model):
                errors = [(100 - of_model[f"test_{how}"]).tolist() for how in ("median", "max", "min")]
                lines[model] = Ranges(of_model["size"].clip(lower=1).tolist(), *errors)
        plot_ranges(lines, ax, x_label="hidden neurons", y_label="test error (%)", log_x=True, title=dataset, legend=ax is axes[0])
    report.show("test-error", figure)
    report.say(
        "Accuracies in percent, median and range over seeds; the first column has expected outputs, the second one sampled output. "
        "The factor of the learning rates was chosen for each seed on its validation images; the accuracy on test images was read only of the chosen network. "
        "Seconds and memory are medians of the chosen trainings, evaluations after each epoch included."
    )
    headings = ("data set", "network", "neurons", "runs", "test", "test, one sample", "train", "factors", "seconds", "MiB")
    report.list_table(headings, rows)
    missing = len(space(settings).cells) - len(table)
    if missing:
        report.say(f"{missing} trials are missing.")


def _network(model: str) -> str:
    return model.removesuffix(BY_BACKPROPAGATION)
