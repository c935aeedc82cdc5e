"""A study kind of your own: accuracy over the learning rate of the hidden layer.

infomorphic study new rates --kind examples/extend/own_study.py:KIND --set rates=0.0005,0.002,0.008 --set epochs=20
infomorphic study work rates --workers 2
infomorphic study report rates
"""

import matplotlib.pyplot as plt

from infomorphic.studies import Grid, Kind, Listed, RepeatedSettings
from infomorphic.training import TrainConfig


class Settings(RepeatedSettings):
    """What `--set` can set; `epochs`, `dataset`, `seeds` and `overrides` are inherited."""

    dataset: str = "digits"
    hidden: int = 20
    rates: Listed[float] = (0.0005, 0.002, 0.008)


def space(settings):
    """The trials: every learning rate with every seed."""
    return Grid(tuple({"rate": rate, "seed": seed} for seed in settings.seeds for rate in settings.rates))


def config(settings, params):
    """The training of one trial."""
    values = {
        "preset": "setup-1",
        "network": {"hidden": settings.hidden, "hidden_optimizer": {"learning_rate": params["rate"]}},
        "data": {"dataset": settings.dataset},
        "training": {"epochs": settings.epochs, "seed": params["seed"]},
    }
    return TrainConfig.make(values, settings.overrides)


def report(settings, table, report):
    """A table and a figure; `table` has one row per complete trial."""
    by_rate = table.groupby("rate")["validation_accuracy"]
    rows = [(rate, f"{100 * of_rate.mean():.1f} %", len(of_rate)) for rate, of_rate in by_rate]
    report.list_table(("learning rate", "mean validation accuracy", "runs"), rows)
    report.keep("accuracy-by-rate", by_rate.mean().reset_index())
    figure, axis = plt.subplots()
    axis.plot(table["rate"], table["validation_accuracy"], "o")
    axis.set(xscale="log", xlabel="learning rate of the hidden layer", ylabel="validation accuracy")
    report.show("accuracy-by-rate", figure)


KIND = Kind("Accuracy over the learning rate.", Settings, "validation_accuracy", space, report, config)
