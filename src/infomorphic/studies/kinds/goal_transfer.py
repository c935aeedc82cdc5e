"""Transfer of goals from one data set to another.

Source: arXiv:2412.02482, Fig. 5D.
"""

from typing import TYPE_CHECKING

from infomorphic.networks.settings import Neurons
from infomorphic.studies.engine.settings import Listed, Seeds, TrainingSettings
from infomorphic.studies.engine.space import Grid, Params
from infomorphic.studies.models import model_config
from infomorphic.studies.published_networks import TRANSFER
from infomorphic.training import TrainConfig

if TYPE_CHECKING:
    import pandas as pd

    from infomorphic.studies.engine.report import Report

OBJECTIVE = "validation_accuracy"


class Settings(TrainingSettings):
    """Which networks with which goals on which data sets."""

    models: Listed[str] = tuple(dict.fromkeys(model for model, _ in TRANSFER))
    """Presets, each with its default goal or, after a colon, another."""
    datasets: Listed[str] = ("mnist", "cifar10")
    """Data sets."""
    hidden: Neurons = 100
    """Number of hidden neurons of every network."""
    seeds: Seeds = tuple(range(10))
    """Seeds with which each network is trained."""


def space(settings: Settings) -> Grid:
    """Every network on every data set with every seed."""
    return Grid(tuple({"model": m, "dataset": d, "seed": s} for s in settings.seeds for d in settings.datasets for m in settings.models))


def config(settings: Settings, params: Params) -> TrainConfig:
    """The training of one network on one data set."""
    return model_config(settings, str(params["dataset"]), str(params["model"]), settings.hidden, int(params["seed"]))


def report(settings: Settings, table: "pd.DataFrame", report: "Report") -> None:
    """Test accuracies by goal and data set, with the published ones."""
    from infomorphic.plots.figures import new_figure
    from infomorphic.plots.terms import plot_runs_by_term

    rows = table.groupby(["dataset", "model"], sort=False)["test_accuracy"].agg(["median", "min", "max", "count"]).reset_index()
    rows["published"] = [
        TRANSFER.get((m, d)) if settings.hidden == 100 else None for m, d in zip(rows["model"], rows["dataset"], strict=True)
    ]
    report.keep("goal-transfer", rows)
    datasets = list(rows["dataset"].unique())
    figure, axes = new_figure(len(datasets), width=5.6, height=1.4 + 0.4 * len(settings.models))
    for ax, dataset in zip(axes, datasets, strict=True):
        own = table[table["dataset"] == dataset]
        runs = {str(m): g["test_accuracy"].tolist() for m, g in own.groupby("model", sort=False)}
        theirs = {m: TRANSFER[m, dataset] for m in runs if (m, dataset) in TRANSFER and settings.hidden == 100}
        plot_runs_by_term({"": runs}, ax, published=theirs, x_label="test accuracy", title=dataset)
    report.show("goal-transfer", figure)
    report.say("Test accuracy with one sampled output, in percent; published medians from arXiv:2412.02482, caption of Fig. 5.")
    listed = [
        (
            d,
            m,
            n,
            f"{100 * middle:.2f}",
            f"{100 * low:.2f}–{100 * high:.2f}",
            "–" if other is None or other != other else f"{100 * other:.1f}",
        )
        for d, m, middle, low, high, n, other in rows.itertuples(index=False)
    ]
    report.list_table(("data set", "network", "runs", "median", "range", "published"), listed)
