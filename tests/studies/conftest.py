"""Studies whose trials are functions: everything but the training is real."""

import pytest

from infomorphic.studies import Study, embedded
from infomorphic.studies.engine.kind import Kind
from infomorphic.studies.engine.settings import Listed, StudySettings
from infomorphic.studies.engine.space import Grid, Pruner, Sampler, Search


class GridSettings(StudySettings):
    sizes: Listed[int] = (1, 2, 3)
    models: Listed[str] = ("a", "b")


class SearchSettings(StudySettings):
    sampler: Sampler = "random"
    seed: int = 0
    pruner: Pruner = "none"


def grid(settings):
    return Grid(tuple({"model": m, "size": n} for m in settings.models for n in settings.sizes))


def search(settings):
    return Search({"x": (-1.0, 1.0), "y": (-1.0, 1.0)}, trials=5, sampler=settings.sampler, seed=settings.seed, pruner=settings.pruner)


@pytest.fixture
def kind_of(monkeypatch):
    """Make a function the trials of every study that this test makes."""

    def make(run, settings=GridSettings, space=grid):
        made = Kind("A test.", settings, "score", space, lambda *_: None, work=run, seconds=lambda settings, params: 1.0, name="test")
        monkeypatch.setattr("infomorphic.studies.engine.study.kind", lambda name: made)

    make(lambda settings, params, trial: {"score": 1.0})
    return make


@pytest.fixture
def url(memory_path):
    return embedded(memory_path)


@pytest.fixture
def make(kind_of, url):
    """A study of six trials, or another one."""

    def create(*settings, name="s", **more):
        return Study.create(name, "test", settings, url=url, **more)

    return create


@pytest.fixture
def searches(kind_of):
    """Make studies searches, with an objective that is known."""

    def make(run=lambda settings, params, trial: {"score": -(params["x"] ** 2) - params["y"] ** 2}):
        kind_of(run, SearchSettings, search)

    make()
    return make
