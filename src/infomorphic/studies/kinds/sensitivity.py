"""Sensitivity to the weights of a goal: each weight changed by a tenth of itself, and by 0.1.

Source: arXiv:2412.02482, Fig. 9.
"""

from statistics import median
from typing import TYPE_CHECKING

from infomorphic.errors import StudyError
from infomorphic.goals import Goal
from infomorphic.networks.settings import Neurons
from infomorphic.studies.changed_goals import NONE, runs_by, terms_of, with_weights
from infomorphic.studies.engine.settings import GoalText, Listed, RepeatedSettings, goal_sources
from infomorphic.studies.engine.space import Grid, Params
from infomorphic.studies.models import model_config
from infomorphic.studies.published_networks import GOAL, MODEL
from infomorphic.training import TrainConfig

if TYPE_CHECKING:
    import pandas as pd

    from infomorphic.studies.engine.report import Report

OBJECTIVE = "validation_accuracy"


class Settings(RepeatedSettings):
    """The goal, and the changes of its weights."""

    model: str = MODEL
    """The preset that is trained."""
    goal: GoalText = GOAL
    """The goal whose weights are changed."""
    hidden: Neurons = 100
    """Number of hidden neurons of every network."""
    changes: Listed[str] = ("+10%", "-10%", "+0.1", "-0.1")
    """Changes of each weight, in percent of it or as a number added to it."""


def space(settings: Settings) -> Grid:
    """The unchanged goal, and every change of every term."""
    changed = [
        {"term": term, "change": change}
        for term in terms_of(Goal.resolve(settings.goal, goal_sources(settings.model)))
        for change in settings.changes
    ]
    return Grid(tuple({**cell, "seed": seed} for seed in settings.seeds for cell in [{"term": NONE, "change": NONE}, *changed]))


def config(settings: Settings, params: Params) -> TrainConfig:
    """The training with one weight changed."""
    goal, term = Goal.resolve(settings.goal, goal_sources(settings.model)), str(params["term"])
    text = settings.goal
    if term != NONE:
        text = with_weights(goal, {term: changed(terms_of(goal)[term], str(params["change"]))})
    return model_config(settings, settings.dataset, settings.model, settings.hidden, int(params["seed"]), goal=text)


def changed(weight: float, change: str) -> float:
    """The weight after a change such as `+10%` or `-0.1`."""
    try:
        return weight * (1 + float(change[:-1]) / 100) if change.endswith("%") else weight + float(change)
    except ValueError as error:
        raise StudyError(f"a change must be written like +10% or -0.1; got {change!r}.") from error


def report(settings: Settings, table: "pd.DataFrame", report: "Report") -> None:
    """Validation accuracy after each change of each term."""
    from infomorphic.plots.figures import new_figure
    from infomorphic.plots.terms import plot_runs_by_term

    rows = table.groupby(["term", "change"], sort=False)[OBJECTIVE].agg(["median", "min", "max", "count"]).reset_index()
    report.keep("sensitivity", rows)
    whole = table.query("term == @NONE")[OBJECTIVE].tolist()
    reference = median(whole) if whole else None
    others = table.query("term != @NONE")
    if others.empty:
        report.say("No trial with a changed weight is complete yet.")
        return
    by_change = {str(change): runs_by(rows, "term", OBJECTIVE) for change, rows in others.groupby("change", sort=False)}
    relative = [c for c in by_change if c.endswith("%")]
    groups = [g for g in (relative, [c for c in by_change if c not in relative]) if g]
    figure, axes = new_figure(len(groups), width=5.4, height=1.2 + 0.34 * len(set(others["term"])))
    for ax, group in zip(axes, groups, strict=True):
        plot_runs_by_term({c: by_change[c] for c in group}, ax, reference=reference, x_label="validation accuracy")
    report.show("sensitivity", figure)
    if reference is None:
        return
    report.say(f"The unchanged goal has a median validation accuracy of {100 * reference:.2f} % ({len(whole)} runs).")
    for change, runs in by_change.items():
        effects = {term: 100 * (median(values) - reference) for term, values in runs.items()}
        worst = min(effects, key=lambda term: effects[term])
        report.say(
            f"{change}: medians change by {min(effects.values()):+.2f} to {max(effects.values()):+.2f} points; the smallest median is that of {worst}."
        )
    report.say("The publication shows this only as a figure without numbers, so a comparison is not possible.")
