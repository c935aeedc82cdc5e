"""Ablation: goals without single terms, or without more and more of them."""

import pandas as pd
import pytest

from infomorphic.errors import StudyError
from infomorphic.goals import Goal
from infomorphic.studies.changed_goals import NONE
from infomorphic.studies.kinds import ablation
from studies.kinds.tiny import GOAL, TINY


def test_a_small_study_from_its_definition_to_its_report(check_small_study):
    check_small_study("ablation", (*TINY, "hidden=3", f"goal={GOAL}", "seeds=0,1"), trials=6, figures={"ablation"})


def test_the_published_size():
    # The goal and 19 weights at zero.
    assert len(ablation.space(ablation.Settings()).cells) == 10 * (1 + 19)


def test_ablated_goals():
    settings = ablation.Settings(goal=GOAL, seeds=(0,))
    zeroed = [cell["zeroed"] for cell in ablation.space(settings).cells]
    assert zeroed == [NONE, "{F}{C}", "{F}{L}"]
    goals = [Goal.resolve(ablation.config(settings, {"zeroed": z, "seed": 0}).network.goal, "FCL") for z in zeroed]
    assert [(g.weights["{F}{C}"], g.weights["{F}{L}"]) for g in goals] == [(1, -0.5), (0, -0.5), (1, 0)]


def test_ablation_goes_on_in_the_order_of_the_single_effects():
    default = ablation.Settings(part="cumulative")
    assert ablation.order(default)[:2] == ("{F}{CL}", "{CL}")
    assert ablation.order(default)[-4:] == ("{F}{C}", "{F}{C}{L}", "{F}{L}", "{FC}{FL}")[-4:]
    whole, none = (Goal.resolve(ablation.config(default, {"terms_zeroed": k, "seed": 0}).network.goal, "FCL") for k in (0, 19))
    assert whole == Goal.published("trivariate/optimized-tpe-1")
    assert set(none.weights.values()) == {0.0}
    own = ablation.Settings(part="cumulative", goal=GOAL, order="{F}{L},{F}{C}")
    assert [len(c) for c in (ablation.space(own).cells,)] == [30]
    with pytest.raises(StudyError, match="`order` must list the terms"):
        ablation.space(ablation.Settings(part="cumulative", goal=GOAL))
    with pytest.raises(StudyError, match=r"no term '\{C\}' of nonzero weight"):
        ablation.space(ablation.Settings(part="cumulative", goal=GOAL, order=("{C}",)))
    runs = pd.DataFrame({"zeroed": [NONE, "a", "b", "a", "b"], "validation_accuracy": [0.9, 0.5, 0.8, 0.6, 0.8]})
    assert ablation.order_of_effect(runs) == ["b", "a"]
