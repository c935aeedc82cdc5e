"""Goal search: its space, where it begins, and which weights matter."""

import math

import numpy as np
import pandas as pd
import pytest

from infomorphic.errors import StudyError
from infomorphic.studies import Study, embedded
from infomorphic.studies.engine.life import Worker
from infomorphic.studies.kinds import goal_search
from studies.kinds.tiny import TINY


def test_a_small_study_from_its_definition_to_its_report(check_small_study):
    check_small_study("goal-search", (*TINY, "hidden=3", "model=context"), trials=4, figures={"goal", "course"})


def test_the_published_size():
    assert goal_search.space(goal_search.Settings()).trials == 1000


def test_searches_have_the_published_parameters():
    settings = goal_search.Settings
    assert len(goal_search.space(settings()).ranges) == 19
    assert len(goal_search.space(settings(sampler="cmaes")).ranges) == 18
    assert len(goal_search.space(settings(model="context")).ranges) == 5
    assert list(goal_search.space(settings(model="lateral", sampler="cmaes")).ranges) == ["{F}{L}", "{F}", "{L}", "{FL}"]
    assert set(goal_search.space(settings()).ranges.values()) == {(-1.0, 1.0)}
    goal = goal_search.goal_of(settings(sampler="cmaes"), dict.fromkeys(goal_search.space(settings(sampler="cmaes")).ranges, 0.25))
    assert goal.residual_entropy == 0
    assert set(goal.weights.values()) == {0.25}


def test_a_search_begins_at_the_goal_that_it_is_told(tmp_path):
    start = "0.5 {F}{C} - 0.25 {F}{L}"
    settings = [*TINY, "hidden=3", f"start={start}", "model=setup-1"]
    study = Study.create("s", "goal-search", settings, url=embedded(tmp_path / "s"), trials=2)
    trial = study.claim(Worker.this_process())
    first = study.params_for(trial)
    assert {name: weight for name, weight in first.items() if weight} == {"{F}{C}": 0.5, "{F}{L}": -0.25}
    assert str(goal_search.goal_of(study.settings, first)) == start
    study.finish(trial._trial_id, {"validation_accuracy": 0.5}, 1.0, {})
    assert study.params_for(study.claim(Worker.this_process())) != first


def test_a_search_tries_the_neighbors_of_the_goal_that_it_begins_at(tmp_path):
    settings = [*TINY, "hidden=3", "start_step=0.5", "model=lateral", "start=0.25 {F}{L} - 0.75 {F}"]
    study = Study.create("s", "goal-search", settings, url=embedded(tmp_path / "s"), trials=12)
    goals = [str(goal_search.goal_of(study.settings, study.params_for(study.claim(Worker.this_process())))) for _ in range(12)]
    assert goals[:6] == [
        "0.25 {F}{L} - 0.75 {F}",
        "0.75 {F}{L} - 0.75 {F}",
        "-0.25 {F}{L} - 0.75 {F}",
        "0.25 {F}{L} - 0.25 {F}",
        "0.25 {F}{L} - {F}",  # as far as the range goes
        "0.25 {F}{L} - 0.75 {F} + 0.5 {L}",
    ]
    assert len(set(goals)) == 12  # 11 given, and one that is drawn
    assert len(goal_search.space(study.settings).given) == 11


def test_a_step_that_the_range_does_not_allow_is_no_trial_of_its_own():
    given = goal_search.space(goal_search.Settings(start="trivariate/heuristic", start_step=0.5)).given
    assert len(given) == 1 + 2 * 19 - 1  # the weight of {F}{C} is 1 already
    assert len(goal_search.space(goal_search.Settings(start="trivariate/heuristic")).given) == 1


def test_a_search_cannot_begin_outside_its_space():
    settings = goal_search.Settings
    with pytest.raises(StudyError, match="Give a goal, such as start=trivariate/heuristic"):
        goal_search.space(settings(start_step=0.5))
    with pytest.raises(StudyError, match="`start` must have weights between -1 and 1"):
        goal_search.space(settings(start="2 {F}{C} + {F}{C}{L}"))
    with pytest.raises(StudyError, match="`start` must leave H_res at zero"):
        goal_search.space(settings(start="{F}{C}{L} + 0.1 H_res", residual="zero"))
    with pytest.raises(StudyError, match="`start` needs sampler=tpe"):
        goal_search.space(settings(start="trivariate/heuristic", sampler="cmaes"))


def test_importance_finds_the_weight_that_matters():
    rng = np.random.default_rng(0)
    settings = goal_search.Settings(model="context")
    draws = pd.DataFrame({name: rng.uniform(-1, 1, 80) for name in goal_search.space(settings).ranges})
    draws["cell"] = range(80)
    draws["validation_accuracy"] = draws["{C}"] * 0.3 + 0.5
    importance = goal_search.importances(settings, draws)
    assert math.isclose(sum(importance.values()), 1.0)
    assert importance["{C}"] > 0.9
    assert goal_search.importances(settings, draws[:3]) == {}
