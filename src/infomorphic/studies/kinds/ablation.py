"""How much each term of a goal contributes: set its weight to zero, alone or cumulatively.

Source: arXiv:2412.02482, Fig. 5B and C, Table 3.
"""

from statistics import median
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator

from infomorphic.errors import StudyError
from infomorphic.goals import Goal
from infomorphic.networks.settings import Neurons
from infomorphic.studies.changed_goals import NONE, check_terms, runs_by, terms_of, without
from infomorphic.studies.engine.settings import GoalText, RepeatedSettings, goal_sources, split_list
from infomorphic.studies.engine.space import Grid, Params
from infomorphic.studies.models import model_config
from infomorphic.studies.published import SOURCES, published
from infomorphic.studies.published_networks import GOAL, MODEL
from infomorphic.training import TrainConfig

if TYPE_CHECKING:
    import pandas as pd

    from infomorphic.studies.engine.report import Report

OBJECTIVE = "validation_accuracy"


class Settings(RepeatedSettings):
    """The goal, and the terms to ablate."""

    model: str = MODEL
    """The preset that is trained."""
    goal: GoalText = GOAL
    """The goal whose terms are ablated."""
    hidden: Neurons = 100
    """Number of hidden neurons of every network."""
    part: Literal["single", "cumulative"] = "single"
    """Ablate every term alone, or terms cumulatively."""
    order: Annotated[tuple[str, ...], BeforeValidator(split_list)] = ()
    """The order of a cumulative ablation; for the published goal, the default is the order of the published single effects."""


def space(settings: Settings) -> Grid:
    """Single: the whole goal and the goal without each term. Cumulative: without the first k terms of the order, for every k."""
    goal = Goal.resolve(settings.goal, goal_sources(settings.model))
    if settings.part == "single":
        return Grid(tuple({"zeroed": term, "seed": seed} for seed in settings.seeds for term in [NONE, *terms_of(goal)]))
    return Grid(tuple({"terms_zeroed": k, "seed": seed} for seed in settings.seeds for k in range(len(order(settings)) + 1)))


def order(settings: Settings) -> tuple[str, ...]:
    """The order of a cumulative ablation: least effect first."""
    if settings.order:
        check_terms(Goal.resolve(settings.goal, goal_sources(settings.model)), settings.order)
        return settings.order
    if settings.goal != GOAL:
        raise StudyError(
            f"`order` must list the terms in the order of their ablation, because {settings.goal} is not the published goal. "
            "The report of a study with part=single gives this order."
        )
    return tuple(published("ablation")["atom_set_to_zero"])


def config(settings: Settings, params: Params) -> TrainConfig:
    """The training with some terms of the goal set to zero."""
    goal = Goal.resolve(settings.goal, goal_sources(settings.model))
    if settings.part == "single":
        zeroed = () if params["zeroed"] == NONE else (str(params["zeroed"]),)
    else:
        zeroed = order(settings)[: int(params["terms_zeroed"])]
    text = without(goal, zeroed) if zeroed else settings.goal
    return model_config(settings, settings.dataset, settings.model, settings.hidden, int(params["seed"]), goal=text)


def order_of_effect(table: "pd.DataFrame") -> list[str]:
    """The terms of a single ablation from the least to the largest effect on the median validation accuracy."""
    runs = runs_by(table.query("zeroed != @NONE"), "zeroed", OBJECTIVE)
    return sorted(runs, key=lambda term: -median(runs[term]))


def report(settings: Settings, table: "pd.DataFrame", report: "Report") -> None:
    """Validation accuracy without each term, or against the number of ablated terms."""
    if settings.part == "single":
        _report_single(settings, table, report)
    else:
        _report_cumulative(settings, table, report)


def _report_single(settings: Settings, table: "pd.DataFrame", report: "Report") -> None:
    import pandas as pd

    from infomorphic.plots.figures import new_figure
    from infomorphic.plots.terms import plot_runs_by_term

    runs = runs_by(table, "zeroed", OBJECTIVE)
    whole = median(runs.pop(NONE)) if NONE in runs else None
    ordered = order_of_effect(table)
    theirs = dict(published("ablation").itertuples(index=False)) if _is_published(settings) else {}
    report.keep(
        "ablation",
        pd.DataFrame(
            [
                {
                    "zeroed": t,
                    "median": median(runs[t]),
                    "min": min(runs[t]),
                    "max": max(runs[t]),
                    "runs": len(runs[t]),
                    "published": theirs.get(t),
                }
                for t in ordered
            ]
        ),
    )
    figure, (ax,) = new_figure(width=6.4, height=1.2 + 0.28 * len(ordered))
    plot_runs_by_term(
        {"": {t: runs[t] for t in ordered}}, ax, reference=whole, published=theirs, x_label="validation accuracy with the term at zero"
    )
    report.show("ablation", figure)
    if whole is not None:
        report.say(f"The complete goal has a median validation accuracy of {100 * whole:.2f} %.")
    report.say(f"From the least to the largest effect: {', '.join(ordered)}.")
    if theirs:
        last, their_last = set(ordered[-4:]), set(list(theirs)[-4:])
        report.say(f"Diamonds: {SOURCES['ablation']}.")
        report.say(
            f"The four terms of largest effect are {', '.join(ordered[-4:])}; published: {', '.join(list(theirs)[-4:])}. {len(last & their_last)} of 4 agree."
        )
        gaps = [100 * (median(runs[t]) - theirs[t]) for t in ordered if t in theirs]
        report.say(f"Our medians differ from the published ones by {min(gaps):+.2f} to {max(gaps):+.2f} points.")


def _report_cumulative(settings: Settings, table: "pd.DataFrame", report: "Report") -> None:
    from infomorphic.plots.figures import new_figure
    from infomorphic.plots.ranges import Ranges, plot_ranges

    grouped = table.groupby("terms_zeroed")[OBJECTIVE].agg(["median", "min", "max", "count"]).reset_index()
    names = ("", *order(settings))
    grouped["zeroed_last"] = [names[int(k)] for k in grouped["terms_zeroed"]]
    report.keep("ablation", grouped)
    figure, (ax,) = new_figure(width=7.5)
    place = grouped["terms_zeroed"].tolist()
    line = Ranges(place, grouped["median"].tolist(), grouped["min"].tolist(), grouped["max"].tolist())
    plot_ranges({"median and range": line}, ax, x_label="terms at zero, the last one named", y_label="validation accuracy")
    ax.set_xticks(place, [f"{k} {names[int(k)]}" for k in place], rotation=90, fontsize=7)
    report.show("ablation", figure)
    whole = float(grouped["median"].iloc[0])
    most = max(int(k) for k, middle in zip(place, grouped["median"], strict=True) if middle >= whole - 0.01)
    left = [term for term in terms_of(Goal.resolve(settings.goal, goal_sources(settings.model))) if term not in names[1 : most + 1]]
    report.say(
        f"Up to {most} terms can be ablated in this order with a loss of at most one point. What remains: {', '.join(left) or 'no term'}."
    )
    if _is_published(settings):
        report.say("The publication names {F}{C}, {F}{L}, {F}{C}{L} and {FC}{FL} as the four indispensable terms (Table 3).")


def _is_published(settings: Settings) -> bool:
    return (settings.goal, settings.dataset, settings.model, settings.hidden) == (GOAL, "mnist", MODEL, 100)
