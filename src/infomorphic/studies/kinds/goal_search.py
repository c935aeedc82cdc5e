"""Search for a goal: weights of all atoms, and of the residual entropy, that maximize the validation accuracy.

Source: arXiv:2412.02482, A.5, A.10 and Fig. 6.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, field_validator

from infomorphic import plugins
from infomorphic.errors import StudyError
from infomorphic.goals import RESIDUAL_ENTROPY, Goal
from infomorphic.networks.settings import Neurons, Real
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.studies.engine.settings import DatasetSettings, GoalText, Seed, goal_sources
from infomorphic.studies.engine.space import Params, Pruner, Sampler, Search
from infomorphic.studies.models import model_config
from infomorphic.studies.published_networks import MODEL, has_hidden_neurons
from infomorphic.training import TrainConfig

if TYPE_CHECKING:
    import pandas as pd

    from infomorphic.studies.engine.report import Report

OBJECTIVE = "validation_accuracy"


class Settings(DatasetSettings):
    """The network, and how to search."""

    model: str = MODEL
    """A network whose hidden neurons have a goal."""
    hidden: Neurons = 100
    """Number of hidden neurons of every network."""
    seed: Seed = 0
    """The seed of every training."""
    sampler: Sampler = "tpe"
    """Optuna's sampler, which proposes the weights of each trial."""
    sampler_seed: Seed = 0
    """Seed of the sampler."""
    residual: Literal["auto", "free", "zero"] = "auto"
    """Whether the weight of the residual entropy is searched for; auto: with every sampler but CMA-ES, as published."""
    pruner: Pruner = "none"
    """Whether poor trials are ended early; not in the publication."""
    start: GoalText | None = None
    """The goal of the first trial, so that TPE draws near it; none in the publication."""
    start_step: Annotated[Real, Field(gt=0, le=2)] | None = None
    """The step by which the next trials change one weight of `start`, up and down within its range; None for no such trials."""

    @field_validator("model")
    @classmethod
    def _has_hidden_neurons_with_a_goal(cls, model: str) -> str:
        if plugins.parted(model)[1] is not None:
            raise StudyError(f"`model` must be a network without a goal, which is searched for; got {model!r}.")
        goal_sources(model)
        if not has_hidden_neurons(model):
            raise StudyError(f"`model` must have hidden neurons; {model!r} has none.")
        return model


def space(settings: Settings) -> Search:
    """Every weight between -1 and 1; 1000 trials as published."""
    ranges = _ranges(settings)
    given = _given(settings, ranges)
    return Search(ranges, trials=1000, sampler=settings.sampler, seed=settings.sampler_seed, pruner=settings.pruner, given=given)


def config(settings: Settings, params: Params) -> TrainConfig:
    """The training with one goal."""
    return model_config(settings, settings.dataset, settings.model, settings.hidden, settings.seed, goal=str(goal_of(settings, params)))


def goal_of(settings: Settings, params: Params) -> Goal:
    """The goal given by the parameters of a trial."""
    weights = {name: float(params[name]) for name in _ranges(settings)}
    return Goal.from_weights(weights, sources=goal_sources(settings.model))


def report(settings: Settings, table: "pd.DataFrame", report: "Report") -> None:
    """The best goal as bars, the importance of each weight, and the progress of the search."""
    import pandas as pd

    from infomorphic.plots.figures import new_figure
    from infomorphic.plots.ranges import Ranges, plot_ranges
    from infomorphic.plots.terms import plot_weights

    names = list(_ranges(settings))
    best = table.loc[table[OBJECTIVE].idxmax()]
    importance = importances(settings, table)
    report.keep("goal", pd.DataFrame({"term": names, "weight": [best[n] for n in names], "importance": [importance.get(n) for n in names]}))
    figure, axes = new_figure(2 if importance else 1, width=4.6, height=1.0 + 0.26 * len(names))
    plot_weights(
        {n: float(best[n]) for n in names},
        axes[0],
        x_label="weight",
        title=f"best of {len(table)}: {100 * best[OBJECTIVE]:.2f} % validation",
    )
    if importance:
        plot_weights({n: importance[n] for n in names}, axes[1], x_label="mean decrease in impurity", title="importance")
    report.show("goal", figure)
    course = table.sort_values("trial")
    figure, (ax,) = new_figure()
    steps = list(range(1, len(course) + 1))
    plot_ranges(
        {"trial": Ranges(steps, course[OBJECTIVE].tolist()), "best so far": Ranges(steps, course[OBJECTIVE].cummax().tolist())},
        ax,
        x_label="complete trials",
        y_label="validation accuracy",
        markers=False,
    )
    report.show("course", figure)
    report.say(
        f"Best trial: {int(best['trial'])}, validation accuracy {100 * best[OBJECTIVE]:.2f} %, test accuracy {100 * best['test_accuracy']:.2f} % "
        f"(one sample each, seed {settings.seed}). As the largest of {len(table)} validation accuracies it is biased upwards; "
        "train the goal with other seeds to judge it."
    )
    report.say(f"Goal: `{goal_of(settings, {n: float(best[n]) for n in names})}`")
    if importance:
        order = sorted(importance, key=lambda n: -importance[n])
        report.say("Weights by importance: " + ", ".join(f"{n} {importance[n]:.3f}" for n in order) + ".")
    else:
        report.say("There are too few trials to estimate the importance of the weights.")


def importances(settings: Settings, table: "pd.DataFrame") -> dict[str, float]:
    """Mean decrease in impurity of each weight, in a forest that predicts the accuracy; empty below four trials.

    Source: Breiman 2001; arXiv:2412.02482, A.10.
    """
    import optuna
    from optuna.distributions import BaseDistribution, FloatDistribution

    ranges = _ranges(settings)
    if len(table) < 4 or len(set(table[OBJECTIVE])) == 1:
        return {}
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize")
    distributions: dict[str, BaseDistribution] = {name: FloatDistribution(*limits) for name, limits in ranges.items()}
    for row in table.sort_values("cell").to_dict("records"):
        params = {name: float(row[name]) for name in ranges}
        study.add_trial(optuna.trial.create_trial(params=params, distributions=distributions, value=float(row[OBJECTIVE])))
    evaluator = optuna.importance.MeanDecreaseImpurityImportanceEvaluator(seed=0)
    return dict(optuna.importance.get_param_importances(study, evaluator=evaluator))


def _ranges(settings: Settings) -> dict[str, tuple[float, float]]:
    """The search ranges: the weight of every atom and, unless fixed at zero, of the residual entropy."""
    labels = list(redundancy_lattice(len(goal_sources(settings.model))).labels(goal_sources(settings.model)))
    free = settings.residual == "free" or (settings.residual == "auto" and settings.sampler != "cmaes")
    return dict.fromkeys([*labels, RESIDUAL_ENTROPY] if free else labels, (-1.0, 1.0))


def _given(settings: Settings, ranges: Mapping[str, tuple[float, float]]) -> tuple[Params, ...]:
    """The start goal, and goals that differ from it by a step in one weight."""
    if settings.start is None:
        if settings.start_step is not None:
            raise StudyError("`start_step` needs `start`, whose weights it changes. Give a goal, such as start=trivariate/heuristic.")
        return ()
    start = _start(settings, settings.start, list(ranges))
    if settings.start_step is None:
        return (start,)
    steps = (settings.start_step, -settings.start_step)
    moved = [{**start, name: min(high, max(low, start[name] + step))} for name, (low, high) in ranges.items() for step in steps]
    return (start, *(goal for goal in moved if goal != start))


def _start(settings: Settings, text: str, names: list[str]) -> dict[str, float]:
    """The weights of the start goal, by the names of the search ranges."""
    if settings.sampler != "tpe":
        raise StudyError(f"`start` needs sampler=tpe, which draws near good trials; got {settings.sampler}.")
    goal = Goal.resolve(text, goal_sources(settings.model))
    weights = {name: goal.residual_entropy if name == RESIDUAL_ENTROPY else float(goal.weights[name]) for name in names}
    if RESIDUAL_ENTROPY not in names and goal.residual_entropy:
        raise StudyError(f"`start` must leave {RESIDUAL_ENTROPY} at zero, as residual=zero does; got {goal.residual_entropy:g}.")
    if any(abs(weight) > 1 for weight in weights.values()):
        raise StudyError(f"`start` must have weights between -1 and 1, as in the search; got {text}.")
    return weights
