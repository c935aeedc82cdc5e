"""`infomorphic study`: from a new study to its report."""

import json

import pytest

from infomorphic.cli import main

SIZES = (
    "--kind",
    "layer-size",
    "--set",
    "models=backprop,random-projection",
    "--set",
    "sizes=3",
    "--set",
    "seeds=0",
    "--set",
    "dataset=digits",
)


def with_seeds(seeds):
    """The arguments of `SIZES` with other seeds; a setting is given once."""
    return tuple(f"seeds={seeds}" if part.startswith("seeds=") else part for part in SIZES)


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INFOMORPHIC_GOALS", str(tmp_path / "goals.json"))

    def call(*arguments):
        status = main([str(a) for a in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


def test_a_study_from_beginning_to_end(run, tmp_path):
    status, out, _ = run("study", "new", "s", *SIZES, "--set", "epochs=1")
    assert (status, "2 trials" in out, "infomorphic study work s" in out) == (0, True, True)
    assert json.loads(run("study", "status", "s", "--json")[1])["pending"] == 2
    status, out, _ = run("study", "work", "s", "--workers", "1", "--trials", "1")
    assert (status, "complete 1" in " ".join(out.split()), "time left about" in " ".join(out.split())) == (0, True, True)
    record = json.loads(run("study", "work", "s", "--workers", "1", "--json")[1])
    keys = {"study", "kind", "total", "complete", "running", "failed", "pending"}
    assert keys <= set(record)
    assert (record["study"], record["kind"], record["total"], record["complete"], record["pending"]) == ("s", "layer-size", 2, 2, 0)
    assert run("study", "export", "s", "--out", "s.csv")[1] == "2 rows in s.csv\n"
    assert (tmp_path / "s.csv").read_text().startswith("cell,trial,model,size,seed,")
    files = json.loads(run("study", "report", "s", "--json")[1])["files"]
    assert "studies/s/report/report.md" in files
    assert all((tmp_path / f).is_file() for f in files)
    assert json.loads(run("study", "report", "s", "--out", "elsewhere", "--json")[1])["files"][0] == "elsewhere/report.md"


def test_a_found_goal_is_used_at_once(run):
    search = ("--kind", "goal-search", "--trials", "2", "--set", "dataset=digits", "--set", "model=context", "--set", "hidden=3")
    assert run("study", "new", "g", *search, "--set", "epochs=1")[0] == 0
    assert run("study", "work", "g", "--workers", "1", "--json")[0] == 0
    assert run("study", "save-goal", "g", "mine")[1].startswith("saved/mine: ")
    record = json.loads(run("study", "save-goal", "g", "mine", "--json")[1])
    assert record["command"] == "infomorphic train context --goal saved/mine --dataset digits --hidden 3 --epochs 1 --seed 0"
    assert record["sources"] == "FC"
    assert f"Train with it: {record['command']}" in run("study", "save-goal", "g", "mine")[1]
    assert run(*record["command"].split()[1:], "--json")[0] == 0
    # The same name is not a goal of neurons with other sources.
    status, _, err = run("train", "setup-1", "--goal", "saved/mine", "--hidden", "3", "--epochs", "1")
    assert (status, "the goal saved/mine has the sources F, C; these neurons have F, C, L" in err) == (1, True)
    assert "saved/mine" in run("goals")[1]
    record = json.loads(run("train", "context", "--goal", "saved/mine", "--hidden", "3", "--epochs", "1", "--json")[1])
    assert run("study", "save-goal", "g", "mine")[1].startswith(f"saved/mine: {record['goal']}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("study", "new", "s", "--kind", "layersize"), "Did you mean 'layer-size'?"),
        (("study", "new", "s", "--kind", "layer-size", "--set", "size=3"), "Did you mean 'sizes'?"),
        (("study", "new", "s", "--kind", "layer-size", "--set", "models=setup1"), "Did you mean 'setup-1'?"),
        (("study", "new", "../s", "--kind", "layer-size"), "the name of a study must have letters"),
        (("study", "new", "s", "--kind", "goal-search", "--set", "sampler=best"), "`sampler` must be 'tpe', 'cmaes' or 'random'"),
        (("study", "new", "s", *SIZES, "--storage", "postgresql://ada:secret@127.0.0.1:1/x"), "ada:***@127.0.0.1:1/x cannot be reached"),
        (("study", "status", "s"), "there is no study 's' in studies; there are none"),
        (("study", "work", "s"), "there is no study"),
        (("study", "report", "s"), "there is no study"),
        (("reproduce", "fig2"), "Did you mean 'fig2b'?"),
    ],
)
def test_mistakes(run, tmp_path, arguments, message):
    status, _, err = run(*arguments)
    assert status == 1
    assert message in err
    assert "secret" not in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_mistakes_with_a_study(run):
    run("study", "new", "s", *SIZES)
    assert "exists with other settings (seeds" in run("study", "new", "s", *(w.replace("seeds=0", "seeds=1") for w in SIZES))[2]
    assert "no trial of the study 's' is complete yet" in run("study", "export", "s", "--out", "s.csv")[2]
    assert "got 's.txt'" in run("study", "export", "s", "--out", "s.txt")[2]
    assert "there are s." in run("study", "status", "t")[2]
    assert "is not a goal search" in run("study", "save-goal", "s", "mine")[2]


def test_studies_are_listed(run, tmp_path):
    assert "there are no studies in studies" in run("study", "list")[1]
    assert json.loads(run("study", "status", "--json")[1]) == {"studies": []}
    run("study", "new", "b", *SIZES)
    run("study", "new", "a", *with_seeds("1"))
    (tmp_path / "studies" / "damaged").mkdir()
    (tmp_path / "studies" / "damaged" / "study.db").write_text("no database at all " * 100)
    status, out, err = run("study", "list")
    assert (status, [line.split()[:3] for line in out.splitlines()[1:]]) == (0, [["a", "layer-size", "2"], ["b", "layer-size", "2"]])
    assert err.startswith("damaged cannot be read: ")
    records = json.loads(run("study", "status", "--json")[1])["studies"]
    assert [(r["study"], r.get("pending"), "error" in r) for r in records] == [("a", 2, False), ("b", 2, False), ("damaged", None, True)]
    in_one_file = json.loads(run("study", "list", "--storage", f"sqlite:///{tmp_path}/studies/a/study.db", "--json")[1])["studies"]
    assert [r["study"] for r in in_one_file] == ["a"]


def test_a_study_is_deleted_only_on_purpose(run, tmp_path):
    run("study", "new", "s", *SIZES)
    status, _, err = run("study", "delete", "s")
    assert (status, "0 complete trials of the study 's' would be deleted. To do so, pass --yes." in err) == (1, True)
    assert (tmp_path / "studies" / "s" / "study.db").is_file()
    assert run("study", "delete", "s", "--yes")[:2] == (0, "the study s is deleted\n")
    assert list((tmp_path / "studies").iterdir()) == []
    assert "there is no study 's'" in run("study", "delete", "s", "--yes")[2]


def test_other_studies_in_the_same_file_stay(run, tmp_path):
    url = f"sqlite:///{tmp_path}/all.db"
    for name in "ab":
        run("study", "new", name, *SIZES, "--storage", url)
    assert run("study", "delete", "a", "--yes", "--storage", url)[0] == 0
    assert [r["study"] for r in json.loads(run("study", "list", "--storage", url, "--json")[1])["studies"]] == ["b"]


@pytest.mark.parametrize(
    "name", ["", "../s", "a/b", "a\\b", "it's", 'a"b', "a\tb", "a\nb", "[bold]", "-s", ".", "=1+1", "s" * 101, "s" * 100_000, "ä", "a b"]
)
def test_names_that_no_study_has(run, tmp_path, name):
    for words in (("new", *SIZES), ("status",), ("export", "--out", "s.csv"), ("delete", "--yes")):
        status, _, err = run("study", words[0], *words[1:], "--", name)
        assert (status, err.count("\n")) == (1, 1)
        assert "the name of a study must" in err
        assert len(err) < 300
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("new", "s", *SIZES, "--trials", "3"), "--trials is only for searches"),
        (("new", "s", *with_seeds("0-99999999999999")), "at most 1000 seeds; got 0-99999999999999"),
        (("new", "s", *with_seeds("5-3")), "a range of seeds must go up; got 5-3. Write 3-5."),
        (("new", "s", *with_seeds("99999999999999999999")), "less than or equal to 4294967295"),
        (("new", "s", "--kind", "layer-size", "--set", "seeds=0-999"), "at most 100000 trials"),
    ],
)
def test_bounds_are_checked_before_anything_is_made(run, tmp_path, arguments, message):
    status, _, err = run("study", *arguments)
    assert (status, err.count("\n")) == (1, 1)
    assert message in err
    assert len(err) < 400
    assert list(tmp_path.iterdir()) == []


def test_bounds_of_new(run, tmp_path):
    for arguments, message in (
        (("--kind", "goal-search", "--set", "dataset=digits", "--trials", "9" * 30), "less than or equal to 100000"),
        ((*SIZES, "--grace", "inf"), "less than or equal to 10000000"),
    ):
        status, _, err = run("study", "new", "s", *arguments)
        assert (status, message in " ".join(err.replace("│", " ").split())) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("option", "bound"), [("--workers", 1024), ("--trials", 100000), ("--threads", 1024)])
def test_bounds_of_work(run, option, bound):
    run("study", "new", "s", *SIZES)
    status, _, err = run("study", "work", "s", option, "9" * 20)
    assert (status, f"less than or equal to {bound}" in " ".join(err.replace("│", " ").split()), option in err) == (2, True, True)
    assert json.loads(run("study", "status", "s", "--json")[1])["pending"] == 2


def test_the_next_command_has_what_was_typed_and_nothing_from_the_environment(run, monkeypatch, tmp_path):
    url = f"sqlite:///{tmp_path}/all.db"
    typed = run("study", "new", "s", *SIZES, "--storage", url, "--dir", "else where")[1]
    assert f"infomorphic study work s --storage {url} --dir 'else where'\n" in typed
    monkeypatch.setenv("INFOMORPHIC_STORAGE", url)
    assert "Run its trials with: infomorphic study work s\n" in run("study", "new", "s", *SIZES)[1]


def test_usage(run):
    assert run("study", "new", "s")[0] == 2
    assert run("study", "nonsense")[0] == 2
    assert run("study", "work", "s", "--workers", "0")[0] == 2


def test_what_can_be_reproduced(run, monkeypatch):
    monkeypatch.delenv("INFOMORPHIC_DATA", raising=False)
    record = json.loads(run("reproduce", "--json")[1])
    named = {r["name"]: r for r in record["reproductions"]}
    assert {"fig2b", "fig4", "fig5", "fig6", "fig8", "fig9", "table3"} <= set(named)
    assert named["fig6"]["trials"] == 9000
    assert named["fig2b"]["datasets"] == {"mnist": False}
    assert all(r["core_hours"] > 1 for r in named.values())
    assert "(to be downloaded)" in run("reproduce")[1]


@pytest.mark.slow
def test_a_quick_reproduction(run, tmp_path):
    status, out, _ = run("reproduce", "fig4", "--quick", "--workers", "1")
    assert (status, "see reproductions/quick/dynamics/report.md" in out) == (0, True)
    names = {p.name for p in (tmp_path / "reproductions" / "quick" / "dynamics").iterdir()}
    assert {"report.md", "self-cosine-distance.png", "self-cosine-distance.svg", "self-cosine-distance.csv", "trials.csv"} <= names
