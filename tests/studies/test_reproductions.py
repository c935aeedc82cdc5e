"""Every stage of every reproduction can be made."""

from types import ModuleType

import pytest

from infomorphic.errors import StudyError
from infomorphic.studies.kinds import goal_search
from infomorphic.studies.reproduce import reproduce
from infomorphic.studies.reproductions import Reproduction, Stage, data_present, reproduction, reproductions
from infomorphic.studies.reproductions.table3 import stages as table3


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("name", reproductions())
def test_every_stage_can_be_made(name, quick):
    for stage in reproduction(name).stages(quick):
        trainings, hours = stage.needs()
        assert trainings > 0
        assert (hours < 0.5) if quick else (hours > 1)
        assert stage.datasets() == (() if name == "memory" else ("digits",)) if quick else set(stage.datasets()) <= {"mnist", "cifar10"}


def test_published_searches_are_never_pruned():
    stages = reproduction("fig6").stages(quick=False)
    settings = [s.settings() for s in stages]
    assert all(isinstance(s, goal_search.Settings) and s.pruner == "none" for s in settings)
    assert sorted((s.model, s.dataset, s.sampler) for s in settings) == sorted(
        [("setup-1", "mnist", "tpe")] * 3
        + [("setup-1", "mnist", "cmaes")] * 3
        + [("setup-1", "cifar10", "cmaes"), ("context", "mnist", "cmaes"), ("lateral", "mnist", "cmaes")]
    )
    assert len({(s.model, s.dataset, s.sampler, s.sampler_seed) for s in settings}) == 9
    assert all(s.trials == 1000 for s in stages)


def test_a_reproduction_that_would_prune_is_refused(tmp_path):
    module = ModuleType("module")
    vars(module)["stages"] = lambda quick: [Stage("x", "goal-search", ("pruner=median",))]
    what = Reproduction("x", "prunes", module)
    with pytest.raises(StudyError, match="must not prune"):
        reproduce(what, tmp_path)


def test_one_stage_goes_on_from_the_other():
    import pandas as pd

    single, cumulative = table3(quick=False)
    assert single.settings().part == "single"
    found = pd.DataFrame({"zeroed": ["none", "{F}{C}", "{F}{L}"], "validation_accuracy": [0.9, 0.1, 0.5]})
    assert cumulative.settings(found).order == ("{F}{L}", "{F}{C}")
    assert cumulative.settings().order == ()


def test_what_is_not_there():
    with pytest.raises(StudyError, match=r"there is no reproduction 'fig2'.* Did you mean 'fig2b'"):
        reproduction("fig2")


def test_where_data_are(tmp_path):
    assert data_present("digits", tmp_path)
    assert not data_present("mnist", tmp_path)
    (tmp_path / "MNIST" / "raw").mkdir(parents=True)
    assert data_present("mnist", tmp_path)


@pytest.mark.slow
def test_table3_quick(tmp_path):
    done = reproduce(reproduction("table3"), tmp_path, quick=True, workers=2)
    assert [d.complete for d in done] == [20, 20]
    text = (tmp_path / "quick" / "ablation-cumulative" / "report.md").read_text()
    assert "terms can be ablated in this order" in text
    # A second call finds everything done.
    assert reproduce(reproduction("table3"), tmp_path, quick=True, workers=2) == done
