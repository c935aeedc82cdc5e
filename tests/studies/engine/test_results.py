"""Tables, exports and saved goals of a study."""

import shlex

import pandas as pd
import pytest

from infomorphic.cli import main
from infomorphic.errors import GoalError, StudyError
from infomorphic.goals import Goal
from infomorphic.goals.saved import find_goal
from infomorphic.studies import Study, embedded, export, table, work
from infomorphic.studies.found_goals import save_found_goal
from infomorphic.studies.report import report


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_one_row_for_each_complete_trial(kind_of, make, tmp_path, name):
    kind_of(lambda settings, params, trial: {"score": params["size"] / 3, "loss@1": 0.1})
    study = make()
    work(study, limit=4)
    assert export(study, tmp_path / name) == 4
    read = (pd.read_csv if name.endswith("csv") else pd.read_parquet)(tmp_path / name)
    assert read[["cell", "model", "size", "score", "loss@1"]].equals(table(study)[["cell", "model", "size", "score", "loss@1"]])
    assert {"trial", "seconds", "version", "commit", "checksum", "machine", "platform", "torch", "finished", "study"} <= set(read.columns)
    assert [p.name for p in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("kind", "settings", "trials"),
    [
        ("layer-size", ["models=setup-1,context:context/heuristic", "sizes=2,3", "seeds=0-2", "training.batch_size=512"], None),
        ("goal-search", ["start={F}{C} - 0.5 {F}{L}", "pruner=median"], 20),
        ("goal-search", [], None),
    ],
)
def test_the_command_of_a_study_makes_the_same_study(tmp_path, kind, settings, trials):
    study = Study.create("mine", kind, settings, url=embedded(tmp_path / "first" / "mine"), trials=trials)
    program, *words = shlex.split(study.command)
    assert program == "infomorphic"
    assert main([*words, "--dir", str(tmp_path), "--json"]) == 0
    again = Study.open("mine", embedded(tmp_path / "mine"))
    assert (again.kind, again.settings, again.definition.trials) == (study.kind, study.settings, study.definition.trials)


def test_nothing_to_write(make, tmp_path):
    study = make()
    for wrong in (lambda: export(study, tmp_path / "t.csv"), lambda: report(study)):
        with pytest.raises(StudyError, match="no trial of the study 's' is complete yet"):
            wrong()
    with pytest.raises(StudyError, match=r"\.csv or \.parquet; got 't\.txt'"):
        export(study, tmp_path / "t.txt")


@pytest.fixture
def goals_file(tmp_path, monkeypatch):
    monkeypatch.setenv("INFOMORPHIC_GOALS", str(tmp_path / "mine" / "goals.json"))


def test_a_found_goal_has_a_name_at_once(goals_file, memory_path):
    settings = ["dataset=digits", "model=lateral", "hidden=3", "epochs=1"]
    study = Study.create("search", "goal-search", settings, url=embedded(memory_path), trials=2)
    with pytest.raises(StudyError, match="has no complete trial"):
        save_found_goal(study, "mine")
    work(study)
    saved = save_found_goal(study, "mine")
    found = table(study)
    best = found.loc[found["validation_accuracy"].idxmax()]
    goal = find_goal("saved/mine", "FL")
    assert goal.weights["{F}{L}"] == best["{F}{L}"]
    assert goal.residual_entropy == best["H_res"]
    assert saved.goal == str(goal)
    other = next(n for n in found["trial"] if n != best["trial"])
    with pytest.raises(GoalError, match="saved/mine is already another goal"):
        save_found_goal(study, "mine", other)
    assert save_found_goal(study, "other", other).goal != saved.goal


def test_only_searches_find_goals(make):
    with pytest.raises(StudyError, match="is not a goal search; its kind is test"):
        save_found_goal(make(), "mine")


def test_studies_keep_expressions_of_saved_goals(goals_file, memory_path):
    # Other machines know no name that was saved here.
    from infomorphic.goals.saved import save_goal

    save_goal("mine", "{F}{C}", "a test")
    settings = ["dataset=digits", "goal=saved/mine", "hidden=3", "seeds=0"]
    study = Study.create("a", "ablation", ["model=context", *settings], url=embedded(memory_path))
    assert study.settings.goal == "{F}{C}"


@pytest.mark.parametrize(("kind", "setting"), [("ablation", "goal"), ("sensitivity", "goal"), ("goal-search", "start")])
def test_studies_refuse_saved_goals_of_other_sources(goals_file, memory_path, kind, setting):
    from infomorphic.goals.saved import save_goal

    save_goal("mine", "{F}{C}", "a test")
    with pytest.raises(StudyError, match="the goal saved/mine has the sources F, C; these neurons have F, C, L"):
        Study.create("a", kind, ["dataset=digits", f"{setting}=saved/mine"], url=embedded(memory_path))


def test_the_goal_of_an_ablation_is_one_of_the_neurons_of_its_model(memory_path):
    settings = ["dataset=digits", "model=setup-1", "goal={F}{C} + {F}", "seeds=0"]
    study = Study.create("a", "ablation", settings, url=embedded(memory_path))
    trained = study.kind.config(study.settings, {"zeroed": "{F}", "seed": 0}).network.goal
    assert Goal.resolve(trained, "FCL") == Goal.parse("{F}{C}", "FCL")
    with pytest.raises(StudyError, match="must name a network whose neurons have a goal; got 'backprop'"):
        Study.create("b", "ablation", ["model=backprop", "dataset=digits"], url=embedded(memory_path))
