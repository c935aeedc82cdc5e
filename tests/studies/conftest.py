"""Studies whose trials are functions, everything but the training being real; and studies of any kind at the smallest size that is real."""

import pytest

from infomorphic.studies import Study, embedded, table, work
from infomorphic.studies.engine.kind import Kind, kind
from infomorphic.studies.engine.settings import Listed, StudySettings
from infomorphic.studies.engine.space import Grid, Pruner, Sampler, Search
from infomorphic.studies.report import report


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


@pytest.fixture
def check_small_study(memory_path, tmp_path):
    """Run a study of a kind, from its definition to its report, and compare the numbers of trials and the names of figures."""

    def check(name, settings, trials, figures):
        found = kind(name)
        # Only a search has a number of trials of its own.
        study = Study.create(name, name, settings, url=embedded(memory_path), trials=trials if name == "goal-search" else None)
        assert study.status().total == trials
        assert work(study) == trials
        results = table(study)
        # A memory that does not recall its patterns has no basin.
        metrics = results.drop(columns=["commit", "basin"], errors="ignore").select_dtypes("number")
        assert len(results) == trials
        assert metrics.notna().all().all()
        assert results["score" if found.objective == "score" else "test_accuracy"].between(0, 1).all()
        files = {p.name: p for p in report(study).write(tmp_path / "report")}
        wanted = {f"{figure}.{ending}" for figure in figures for ending in ("png", "svg")}
        assert wanted | {"report.md", "trials.csv"} <= set(files)
        assert all(files[f].stat().st_size > 5000 for f in wanted)
        text = files["report.md"].read_text()
        assert f"{trials} of {trials} trials are complete" in text
        assert ("| hebb | 20 |" if name == "capacity" else "digits") in text
        assert "nan" not in text
        # The same trials give the same report, byte for byte.
        assert {p.name: p.read_bytes() for p in report(study).write(tmp_path / "again")} == {n: p.read_bytes() for n, p in files.items()}

    return check
