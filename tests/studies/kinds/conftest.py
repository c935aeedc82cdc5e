"""A study of any kind at the smallest size that is real."""

import pytest

from infomorphic.studies import Study, embedded, table, work
from infomorphic.studies.engine.kind import kind
from infomorphic.studies.report import report


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
