"""How long receptive fields keep changing: self-cosine distance over epochs, for dense and sparse lateral connections.

Source: arXiv:2412.02482, A.9 and Fig. 4.
"""

import re
from typing import TYPE_CHECKING

from infomorphic.studies.engine.settings import Listed, RepeatedSettings
from infomorphic.studies.engine.space import Grid, Params
from infomorphic.studies.engine.trial import CURVE, TrialContext
from infomorphic.studies.models import model_config
from infomorphic.studies.published_networks import CHANGE_WITH_SIZE
from infomorphic.training import TrainConfig

if TYPE_CHECKING:
    import pandas as pd

    from infomorphic.studies.engine.report import Report

OBJECTIVE = "validation_accuracy"
DISTANCE = "hidden.self_cosine_distance"


class Settings(RepeatedSettings):
    """Which networks at which sizes."""

    models: Listed[str] = tuple(CHANGE_WITH_SIZE)
    """Presets."""
    sizes: Listed[int] = (20, 50, 100, 200, 500, 1000, 2000)
    """Numbers of hidden neurons."""


def space(settings: Settings) -> Grid:
    """Every network at every size with every seed."""
    return Grid(tuple({"model": m, "size": n, "seed": s} for s in settings.seeds for m in settings.models for n in settings.sizes))


def config(settings: Settings, params: Params) -> TrainConfig:
    """The training of one network."""
    return model_config(settings, settings.dataset, str(params["model"]), int(params["size"]), int(params["seed"]))


def run(settings: Settings, params: Params, trial: TrialContext) -> dict[str, float]:
    """Train, and record the distance after every epoch."""
    return trial.train(config(settings, params), OBJECTIVE, curves=re.escape(DISTANCE))


def report(settings: Settings, table: "pd.DataFrame", report: "Report") -> None:
    """The median over seeds of the median over neurons, by epoch and size."""
    from infomorphic.plots.figures import new_figure
    from infomorphic.plots.ranges import Ranges, plot_ranges

    columns = [c for c in table.columns if c.startswith(DISTANCE + CURVE)]
    if not columns:
        report.say("None of these networks has a trained hidden layer.")
        return
    long = table.melt(["model", "size", "seed"], columns, "epoch", "self_cosine_distance")
    long["epoch"] = long["epoch"].str.partition(CURVE)[2].astype(int)
    medians = long.groupby(["model", "size", "epoch"])["self_cosine_distance"].median().reset_index()
    report.keep("self-cosine-distance", medians)
    figure, axes = new_figure(len(settings.models), share_y=True)
    for ax, model in zip(axes, settings.models, strict=True):
        lines = {}
        for size, rows in medians[medians["model"] == model].groupby("size"):
            lines[f"{size} neurons"] = Ranges(rows["epoch"].tolist(), rows["self_cosine_distance"].tolist())
        plot_ranges(
            lines, ax, legend=ax is axes[0], x_label="epoch", y_label="self-cosine distance", log_y=True, markers=False, title=model
        )
    report.show("self-cosine-distance", figure)
    last = medians[medians["epoch"] == medians["epoch"].max()]
    for model in settings.models:
        rows = last.query("model == @model").sort_values("size")
        listed = ", ".join(f"{n}: {d:.3g}" for n, d in zip(rows["size"], rows["self_cosine_distance"], strict=True))
        report.say(f"{model} after epoch {medians['epoch'].max()}, by size: {listed}.")
        above = rows[rows["size"] >= 100]["self_cosine_distance"].tolist()
        if len(above) >= 2:
            claim = CHANGE_WITH_SIZE.get(model)
            if claim:
                grows = "grows" if above[-1] > above[0] else "does not grow"
                monotonic = all(
                    a < b for a, b in zip(rows["self_cosine_distance"].tolist(), rows["self_cosine_distance"].tolist()[1:], strict=False)
                )
                report.say(
                    f"The publication says that it {claim}. Here it {grows} from {rows[rows['size'] >= 100]['size'].iloc[0]} to {rows['size'].iloc[-1]} neurons "
                    f"by a factor of {above[-1] / above[0]:.2g}, and it {'increases' if monotonic else 'does not increase'} at every step in size."
                )
