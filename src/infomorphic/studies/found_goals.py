"""Save goals that a search found under a name."""

import shlex

from infomorphic.errors import StudyError
from infomorphic.goals.saved import SavedGoal, save_goal
from infomorphic.studies.engine.results import table
from infomorphic.studies.engine.study import Study
from infomorphic.studies.kinds import goal_search


def save_found_goal(study: Study, name: str, trial: int | None = None) -> SavedGoal:
    """Save the goal of a trial as `saved/NAME`; default: the trial with the largest validation accuracy.

    Raises:
        StudyError: if the study is not a goal search, or has no such complete trial.
        GoalError: if the name is invalid or already used for another goal.
    """
    if not isinstance(study.settings, goal_search.Settings):
        raise StudyError(f"the study {study.name!r} is not a goal search; its kind is {study.kind.name}.")
    found = table(study)
    if trial is not None and len(found):
        found = found[found["trial"] == trial]
    if found.empty:
        raise StudyError(f"the study {study.name!r} has no complete trial{'' if trial is None else f' {trial}'}.")
    best = found.loc[found[goal_search.OBJECTIVE].idxmax()]
    names = goal_search.space(study.settings).ranges
    goal = goal_search.goal_of(study.settings, {n: float(best[n]) for n in names})
    source = (
        f"trial {int(best['trial'])} of the study {study.name} ({study.settings.model}, {study.settings.dataset}, {study.settings.hidden} neurons, "
        f"{study.settings.epochs} epochs): validation accuracy {best[goal_search.OBJECTIVE]:.4f}"
    )
    return SavedGoal(save_goal(name, goal, source), str(goal), source, goal.sources)


def training_command(study: Study, goal: str) -> str:
    """The command that trains a goal with the settings of its search."""
    settings = study.settings
    assert isinstance(settings, goal_search.Settings)
    words = ["infomorphic", "train", settings.model, "--goal", goal, "--dataset", settings.dataset]
    words += ["--hidden", str(settings.hidden), "--epochs", str(settings.epochs), "--seed", str(settings.seed)]
    return shlex.join([*words, *(word for override in settings.overrides for word in ("--set", override))])
