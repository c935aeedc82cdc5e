"""Error against the size of the hidden layer, for any network.

Source: arXiv:2412.02482, Fig. 2B and Fig. 8.
"""

from typing import TYPE_CHECKING

from infomorphic import plugins
from infomorphic.studies.engine.settings import Listed, RepeatedSettings
from infomorphic.studies.engine.space import Grid, Params
from infomorphic.studies.models import model_config
from infomorphic.studies.published_networks import CURVES, has_hidden_neurons
from infomorphic.training import TrainConfig

if TYPE_CHECKING:
    import pandas as pd

    from infomorphic.studies.engine.report import Report

OBJECTIVE = "validation_accuracy"


class Settings(RepeatedSettings):
    """Which networks at which sizes."""

    models: Listed[str] = tuple(CURVES)
    """Presets, each with its default goal or, after a colon, another."""
    sizes: Listed[int] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
    """Numbers of hidden neurons."""


def space(settings: Settings) -> Grid:
    """Every network at every size with every seed; a network without hidden neurons has size 0."""
    return Grid(
        tuple(
            {"model": model, "size": size, "seed": seed}
            for seed in settings.seeds
            for model in settings.models
            for size in (settings.sizes if has_hidden_neurons(plugins.parted(model)[0]) else (0,))
        )
    )


def config(settings: Settings, params: Params) -> TrainConfig:
    """The training of one network."""
    return model_config(settings, settings.dataset, str(params["model"]), int(params["size"]), int(params["seed"]))


def report(settings: Settings, table: "pd.DataFrame", report: "Report") -> None:
    """Median and range of train and test error over size, with the published curves and the differences."""
    from infomorphic.studies.comparison import compare_sizes

    compare_sizes(settings.models, settings.dataset, table, report)
