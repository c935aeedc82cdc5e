"""Every kind of study, as published and at the smallest size that is real."""

import math

import pandas as pd
import pytest

from infomorphic.errors import InfomorphicError, StudyError
from infomorphic.goals import Goal
from infomorphic.studies import Study, embedded, table, work
from infomorphic.studies.changed_goals import NONE
from infomorphic.studies.engine.kind import kind, kinds
from infomorphic.studies.engine.life import Worker
from infomorphic.studies.engine.report import Report
from infomorphic.studies.engine.space import Grid
from infomorphic.studies.kinds import (
    ablation,
    capacity,
    dynamics,
    estimator,
    goal_search,
    goal_transfer,
    layer_size,
    sensitivity,
)
from infomorphic.studies.published import published
from infomorphic.studies.report import report

TINY = ("dataset=digits", "epochs=1", "training.batch_size=512")
GOAL = "{F}{C} - 0.5 {F}{L}"
SMALL = {
    "layer-size": (*TINY, "models=setup-1,context,backprop,readout", "sizes=3,4", "seeds=0"),
    "goal-search": (*TINY, "hidden=3", "model=context"),
    "ablation": (*TINY, "hidden=3", f"goal={GOAL}", "seeds=0,1"),
    "sensitivity": (*TINY, "hidden=3", f"goal={GOAL}", "seeds=0"),
    "dynamics": ("dataset=digits", "epochs=2", "training.batch_size=512", "sizes=3,4", "seeds=0"),
    "estimator": ("dataset=digits", "epochs=1", "hidden=3", "bins=4,6", "batch_sizes=256,512", "presentations=1,2", "seeds=0", "repeats=2"),
    "capacity": ("methods=hebb,{F}{C}", "neurons=20", "loads=0.05,0.1", "seeds=0,1", "epochs=60"),
    "goal-transfer": ("datasets=digits", "epochs=1", "hidden=3", "training.batch_size=512", "seeds=0"),
}
TRIALS = {
    "layer-size": 7,
    "goal-search": 4,
    "ablation": 6,
    "sensitivity": 9,
    "dynamics": 4,
    "estimator": 8,
    "goal-transfer": 4,
    "capacity": 8,
}
FIGURES = {
    "layer-size": {"error-by-size"},
    "goal-search": {"goal", "course"},
    "ablation": {"ablation"},
    "sensitivity": {"sensitivity"},
    "dynamics": {"self-cosine-distance"},
    "estimator": {"estimator"},
    "goal-transfer": {"goal-transfer"},
    "capacity": {"capacity", "basin", "information-hebb"},
}


def test_every_kind_is_found_and_tested():
    assert set(kinds()) == set(SMALL) == set(TRIALS) == set(FIGURES)
    assert {name: k.objective for name, k in kinds().items()} == dict.fromkeys(kinds(), "validation_accuracy") | {"capacity": "score"}


def test_unknown_kinds():
    with pytest.raises(StudyError, match="Did you mean 'layer-size'"):
        kind("layersize")


@pytest.mark.parametrize("name", SMALL)
def test_a_small_study_from_its_definition_to_its_report(name, memory_path, tmp_path):
    trials = TRIALS[name] if name == "goal-search" else None
    study = Study.create(name, name, SMALL[name], url=embedded(memory_path), trials=trials)
    assert study.status().total == TRIALS[name]
    assert work(study) == TRIALS[name]
    found = table(study)
    # A memory that does not recall its patterns has no basin.
    metrics = found.drop(columns=["commit", "basin"], errors="ignore").select_dtypes("number")
    assert len(found) == TRIALS[name]
    assert metrics.notna().all().all()
    assert found["score" if name == "capacity" else "test_accuracy"].between(0, 1).all()
    files = {p.name: p for p in report(study).write(tmp_path / "report")}
    wanted = {f"{figure}.{ending}" for figure in FIGURES[name] for ending in ("png", "svg")}
    assert wanted | {"report.md", "trials.csv"} <= set(files)
    assert all(files[f].stat().st_size > 5000 for f in wanted)
    text = files["report.md"].read_text()
    assert f"{TRIALS[name]} of {TRIALS[name]} trials are complete" in text
    assert ("| hebb | 20 |" if name == "capacity" else "digits") in text
    assert "nan" not in text
    # The same trials give the same report, byte for byte.
    assert {p.name: p.read_bytes() for p in report(study).write(tmp_path / "again")} == {n: p.read_bytes() for n, p in files.items()}


def test_published_sizes():
    spaces = {name: k.space(k.Settings()) for name, k in kinds().items()}
    cells = {name: len(s.cells) for name, s in spaces.items() if isinstance(s, Grid)}
    # Ten networks at eleven sizes and the readout; the goal and 19 weights at zero; four changes of each weight.
    assert cells["layer-size"] == 10 * (10 * 11 + 1)
    assert cells["ablation"] == 10 * (1 + 19)
    assert cells["sensitivity"] == 10 * (1 + 19 * 4)
    assert spaces["goal-search"].trials == 1000
    # Six other rules and four goals at forty loads with five seeds.
    assert cells["capacity"] == 10 * 40 * 5


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


def test_a_search_tries_the_neighbours_of_the_goal_that_it_begins_at(tmp_path):
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
    import numpy as np

    rng = np.random.default_rng(0)
    settings = goal_search.Settings(model="context")
    draws = pd.DataFrame({name: rng.uniform(-1, 1, 80) for name in goal_search.space(settings).ranges})
    draws["cell"] = range(80)
    draws["validation_accuracy"] = draws["{C}"] * 0.3 + 0.5
    importance = goal_search.importances(settings, draws)
    assert math.isclose(sum(importance.values()), 1.0)
    assert importance["{C}"] > 0.9
    assert goal_search.importances(settings, draws[:3]) == {}


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


def test_changed_weights():
    assert sensitivity.changed(-0.5, "+10%") == pytest.approx(-0.55)
    assert sensitivity.changed(-0.5, "-0.1") == pytest.approx(-0.6)
    with pytest.raises(StudyError, match=r"like \+10% or -0\.1"):
        sensitivity.changed(1.0, "twice")


def test_models():
    settings = layer_size.Settings(models=("setup-1", "setup-1:trivariate/heuristic"))
    first, second = (layer_size.config(settings, {"model": m, "size": 7, "seed": 2}) for m in settings.models)
    assert first.network.goal.written == "trivariate/optimized-tpe-1"
    assert second.network.goal.written == "trivariate/heuristic"
    assert (first.network.hidden, first.training.seed, first.data.dataset, first.training.epochs) == (7, 2, "mnist", 100)
    for wrong in ("setup-9", "setup-1:", "setup-1:nothing", "readout:trivariate/heuristic"):
        with pytest.raises(InfomorphicError):
            layer_size.config(settings, {"model": wrong, "size": 0, "seed": 0})


def test_the_bias_of_a_batch_that_is_the_large_batch_is_small(memory_path):
    # With all training images in every batch only the sampling of outputs differs.
    same = (*TINY, "hidden=3", "bins=4", "presentations=2", "seeds=0", "repeats=4")
    found = []
    for name, batch in (("small", 64), ("large", 1150)):
        study = Study.create(name, "estimator", [*same, f"batch_sizes={batch}"], url=embedded(memory_path))
        work(study)
        found.append(table(study)["absolute_bias"].iloc[0])
    assert found[1] < 0.3 * found[0]


def test_published_tables():
    sizes, single = published("error_by_size"), published("ablation")
    assert set(sizes["split"]) == {"test", "train"}
    assert len(single) == 19
    assert single["median_validation_accuracy"].is_monotonic_decreasing
    assert dynamics.DISTANCE.startswith("hidden.")
    assert estimator.BIAS != estimator.LARGE
    assert all(m in goal_transfer.Settings().models for m, _ in goal_transfer.PUBLISHED)


def test_capacity_is_of_memories_alone():
    with pytest.raises(StudyError, match=r"no setting 'training.batch_size'; it does not train networks on images"):
        kind("capacity").make_settings(["training.batch_size=3"])
    with pytest.raises(StudyError, match=r"must name hebb, .* or a goal"):
        kind("capacity").make_settings(["methods=hebbian"])
    # At 20 neurons a load of 0.02 is less than half a pattern.
    space = kind("capacity").space(kind("capacity").make_settings(["neurons=20,100", "loads=0.02", "methods=hebb", "seeds=0"]))
    assert [cell["neurons"] for cell in space.cells] == [100]


def test_capacity_beside_the_published_one_and_over_sizes():
    def reported(*assignments, neurons=(100,)):
        cells = [(m, n, load, s) for m in ("hebb", "storkey") for n in neurons for load in (0.1, 0.2) for s in (0, 1)]
        rows = pd.DataFrame(cells, columns=["method", "neurons", "load", "seed"]).assign(
            correlation=0.0, score=lambda t: 1.1 - t["load"], basin=0.1, **dict.fromkeys(capacity._ATOMS, 0.5)
        )
        found = Report("memories")
        capacity.report(kind("capacity").make_settings(list(assignments)), rows, found)
        return found

    one = reported()
    assert "| hebb | 100 | 0 | 2 | 0.1 | 0.14 |\n| storkey | 100 | 0 | 2 | 0.1 |  |" in "\n".join(one.paragraphs)
    assert set(one.figures) == {"capacity", "basin", "information-hebb", "information-storkey"}
    # Published for this external weight alone.
    assert "| hebb | 100 | 0 | 2 | 0.1 |  |" in "\n".join(reported("external_weight=3").paragraphs)
    several = reported(neurons=(50, 100))
    assert {"capacity-hebb", "capacity-storkey", "capacity-50-0", "capacity-100-0"} <= set(several.figures)
    assert [line.get_label() for line in several.figures["capacity-hebb"].axes[0].lines][:2] == ["50 neurons", "100 neurons"]
