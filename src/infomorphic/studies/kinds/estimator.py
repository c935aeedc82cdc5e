"""The effect of the estimator of information terms: accuracy and bias against bins, batch size and presentations.

The published figures are made with 20 bins, batches of 1024 and two presentations, which no published study varies.
"""

from typing import TYPE_CHECKING, Annotated

import numpy as np
import torch
from pydantic import Field

from infomorphic.networks.settings import Neurons, Whole
from infomorphic.seeding import generator_for
from infomorphic.studies.engine.settings import Listed, RepeatedSettings
from infomorphic.studies.engine.space import Grid, Params
from infomorphic.studies.engine.trial import TrialContext
from infomorphic.studies.models import model_config
from infomorphic.studies.published_networks import MODEL
from infomorphic.training import Run, TrainConfig
from infomorphic.training.evaluation import labeled_run
from infomorphic.training.recording import information_of_layers
from infomorphic.training.settings import BatchSize

if TYPE_CHECKING:
    import pandas as pd

    from infomorphic.studies.engine.report import Report

OBJECTIVE = "validation_accuracy"
BIAS, LARGE = "bias ", "large-batch "


class Settings(RepeatedSettings):
    """Which estimators."""

    model: str = MODEL
    """The preset that is trained."""
    hidden: Neurons = 100
    """Number of hidden neurons of every network."""
    bins: Listed[int] = (4, 10, 20, 40)
    """Numbers of bins of hidden neurons; all even, because with an odd number of wide bins no edge lies at zero, which alone prevents learning."""
    batch_sizes: Listed[int] = (128, 256, 512, 1024, 2048, 4096)
    """Samples per batch."""
    presentations: Listed[int] = (1, 2, 3)
    """How often a batch is presented."""
    large_batch: BatchSize = 16_384
    """Number of training images on which the terms are compared; all if there are fewer."""
    repeats: Annotated[Whole, Field(ge=1, le=10_000)] = 8
    """Number of batches over which the estimate is averaged."""


def space(settings: Settings) -> Grid:
    """Every combination with every seed."""
    return Grid(
        tuple(
            {"bins": bins, "batch_size": batch, "presentations": presentations, "seed": seed}
            for seed in settings.seeds
            for presentations in settings.presentations
            for batch in settings.batch_sizes
            for bins in settings.bins
        )
    )


def config(settings: Settings, params: Params) -> TrainConfig:
    """The training with one estimator."""
    own = (
        f"network.bins={params['bins']}",
        f"training.batch_size={params['batch_size']}",
        f"network.presentations={params['presentations']}",
    )
    varied = settings.model_copy(update={"overrides": (*settings.overrides, *own)})
    return model_config(varied, settings.dataset, settings.model, settings.hidden, int(params["seed"]))


def run(settings: Settings, params: Params, trial: TrialContext) -> dict[str, float]:
    """Train, then estimate the terms of the hidden layer on batches of the trained size and on a large one.

    Bias is the mean over batches of the term minus its value on the large batch, in bits, both averaged over neurons.
    """
    with trial.run_directory() as path:
        configuration = config(settings, params)
        metrics = trial.metrics(trial.fit(configuration, path, OBJECTIVE), path)
        labeled = labeled_run(Run.open(path), trial.data_dir)
        data, network = labeled.data, labeled.network
        seed = int(params["seed"])

        def terms(size: int, draw: int) -> dict[str, float]:
            order = torch.randperm(len(data.train_labels), generator=generator_for(seed, "estimator batch", draw))[:size]
            outputs = generator_for(seed, "estimator outputs", draw)
            found = information_of_layers(network.network, network.present(data.train_images[order], data.train_labels[order], outputs))
            return {name.removeprefix("hidden."): value for name, value in found.items() if name.startswith("hidden.")}

        large = terms(settings.large_batch, 0)
        small = [terms(int(params["batch_size"]), draw) for draw in range(1, settings.repeats + 1)]
    bias = {name: float(np.mean([s[name] for s in small])) - value for name, value in large.items()}
    atoms = [name for name in bias if name != "goal"]
    metrics |= {BIAS + name: value for name, value in bias.items()} | {LARGE + name: value for name, value in large.items()}
    return {**metrics, "absolute_bias": float(np.sum([abs(bias[name]) for name in atoms]))}


def report(settings: Settings, table: "pd.DataFrame", report: "Report") -> None:
    """Accuracy and total bias against batch size, for each number of bins and presentations."""
    from infomorphic.plots.figures import new_figure
    from infomorphic.plots.ranges import Ranges, plot_ranges

    keys = ["presentations", "bins", "batch_size"]
    measured = ["test_accuracy", "validation_accuracy", "absolute_bias", *(c for c in table.columns if str(c).startswith((BIAS, LARGE)))]
    summary = table.groupby(keys)[measured].median().reset_index()
    report.keep("estimator", summary)
    shown = {"validation_accuracy": "validation accuracy", "absolute_bias": "Σ |bias| of all terms (bits)"}
    figure, axes = new_figure(len(settings.presentations), 2, height=3.8)
    for row, (metric, label) in enumerate(shown.items()):
        for column, presentations in enumerate(settings.presentations):
            lines = {}
            for bins, rows in table[table["presentations"] == presentations].groupby("bins"):
                by_size = rows.groupby("batch_size")[metric].agg(["median", "min", "max"])
                lines[f"{bins} bins"] = Ranges(by_size.index.tolist(), *(by_size[c].tolist() for c in ("median", "min", "max")))
            ax = axes[row * len(settings.presentations) + column]
            plot_ranges(
                lines,
                ax,
                x_label="batch size",
                y_label=label,
                log_x=True,
                title=f"presentations: {presentations}" if row == 0 else None,
                legend=row == column == 0,
            )
    report.show("estimator", figure)
    best = summary.loc[summary["validation_accuracy"].idxmax()]
    used = summary[(summary["bins"] == 20) & (summary["batch_size"] == 1024) & (summary["presentations"] == 2)]
    report.say(
        f"Largest median validation accuracy: {100 * best['validation_accuracy']:.2f} % with {best['bins']:.0f} bins, batches of {best['batch_size']:.0f} and "
        f"{best['presentations']:.0f} presentations."
    )
    if len(used):
        report.say(
            f"As published (20 bins, batches of 1024, two presentations): {100 * used['validation_accuracy'].iloc[0]:.2f} %, "
            f"Σ |bias| {used['absolute_bias'].iloc[0]:.3f} bits."
        )
    report.say("Bias: mean estimate on batches of the trained size minus that on a large batch, with the same bins and the same weights.")
