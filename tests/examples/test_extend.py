"""The examples of "Extend it": each is used from the command line to a report, from a folder of its own, by a path that is relative to it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from infomorphic import plugins
from infomorphic.cli import main
from infomorphic.training import Run

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "examples" / "extend").glob("*.py"))
SHORT = ("--epochs", "1", "--set", "training.batch_size=1024")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a copy of the examples, which is the working directory."""
    shutil.copytree(ROOT / "examples" / "extend", tmp_path / "mine")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def done(capsys, *arguments):
    """What a command that succeeds prints."""
    assert main([str(a) for a in arguments]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def refused(capsys, *arguments):
    """The error of a command that fails."""
    assert main([str(a) for a in arguments]) == 1
    return " ".join(capsys.readouterr().err.split())


def page_of(run):
    html = (run / "report.html").read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="content">(.*?)</script>', html, re.DOTALL)[1])


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_an_example_is_short(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 60


def test_measure(folder, capsys, monkeypatch):
    table = ROOT / "examples" / "neuron.csv"
    command = ("pid", table, "-t", "spike", "-s", "stimulus,neighbor", "--bins", "8", "--json")
    own, least = (json.loads(done(capsys, *command, "--measure", measure)) for measure in ("mine/own_measure.py:SmoothMinimum", "mmi"))
    assert own["measure"] == "smooth-minimum"
    assert own["redundancies"]["{1}"] == pytest.approx(least["redundancies"]["{1}"])
    assert least["redundancies"]["{1}{2}"] < own["redundancies"]["{1}{2}"] < least["redundancies"]["{1}"]

    few_bins = ("--set", "network.bins=4", "--set", "network.readout_bins=4", "--hidden", "4")
    done(capsys, "train", "context", "--set", "network.measure=mine/own_measure.py:SmoothMinimum", *few_bins, *SHORT, "--run", "run")
    file = str(folder / "mine" / "own_measure.py")
    assert Run.open(Path("run")).config.network.measure == f"{file}:SmoothMinimum"
    assert list(Run.open(Path("run")).environment["files"]) == [file]
    monkeypatch.chdir(folder / "elsewhere")
    done(capsys, "resume", folder / "run", "--epochs", "2")
    done(capsys, "report", folder / "run")
    page = page_of(folder / "run")
    assert page["problems"] == []
    assert page["neurons"]["neurons"][0]["atoms"]


def test_a_measure_that_cannot_be_used(folder, capsys):
    (folder / "bad.py").write_text(
        "from mine.own_measure import SmoothMinimum\nfrom dataclasses import replace\nTHING = 3\n"
        "class Stepwise(SmoothMinimum):\n    properties = replace(SmoothMinimum.properties, differentiable=False)\n"
    )
    assert "must be a class that derives from RedundancyMeasure" in refused(capsys, "train", "--set", "network.measure=bad.py:THING")
    assert "must be differentiable to train on it" in refused(capsys, "train", "--set", "network.measure=bad.py:Stepwise")
    assert "does not define 'Stepwisee'" in refused(capsys, "train", "--set", "network.measure=bad.py:Stepwisee")
    assert "Did you mean" in refused(capsys, "train", "--set", "network.measure=mmii")


def test_alphabet(folder, capsys):
    done(capsys, "train", "mine/own_alphabet.py:build", *SHORT, "--run", "run")
    done(capsys, "report", "run")
    page = page_of(folder / "run")
    assert page["problems"] == []
    assert [(layer["name"], layer["outputs"]) for layer in page["structure"]] == [("levels", "−1, −0.5, 0, 0.5, 1"), ("readout", "−1, 1")]
    assert max(neuron["entropy"] for neuron in page["neurons"]["neurons"]) > 0
    done(capsys, "evaluate", "run", "--json")
    done(capsys, "export", "run", "--out", "model.pt2")


def test_connectivity(folder, capsys):
    done(capsys, "train", "mine/own_connectivity.py:build", *SHORT, "--run", "run")
    done(capsys, "report", "run")
    page = page_of(folder / "run")
    assert page["problems"] == []
    assert page["neurons"]["layer"] == "patches"
    assert all(neuron["field"].startswith("data:image/png") for neuron in page["neurons"]["neurons"])
    done(capsys, "export", "run", "--out", "model.pt2")


def test_data(folder, capsys, monkeypatch):
    done(capsys, "train", "--dataset", "mine/own_data.py:stripes", "--hidden", "5", *SHORT, "--run", "run")
    monkeypatch.chdir(folder / "elsewhere")
    done(capsys, "resume", folder / "run", "--epochs", "2")
    done(capsys, "report", folder / "run")
    page = page_of(folder / "run")
    assert page["problems"] == []
    assert page["neurons"]["classes"] == ["horizontal", "rising", "vertical", "falling"]
    assert ["data set", "own_data-stripes"] in page["facts"]


def test_network(folder, capsys, monkeypatch):
    summary = json.loads(done(capsys, "train", "mine/own_network.py:build", *SHORT, "--json"))
    assert summary["layers"] == {"encoder": 40, "readout": 10}
    run = folder / summary["run"]
    assert run.name == "own_network-build-digits-seed0"
    monkeypatch.chdir(folder / "elsewhere")
    done(capsys, "resume", run, "--epochs", "2")
    done(capsys, "train", folder / "mine" / "own_network.py:build", *SHORT[2:], "--epochs", "2", "--run", "whole")
    resumed, whole = (Run.open(path).load_checkpoint() for path in (run, Path("whole")))
    assert all((whole.tensors[name] == tensor).all() for name, tensor in resumed.tensors.items())
    assert json.loads(done(capsys, "evaluate", run, "--json"))["samples"] == 359
    done(capsys, "export", run, "--out", "model.pt2")
    done(capsys, "report", run)
    page = page_of(run)
    assert page["problems"] == []
    assert page["neurons"]["layer"] == "encoder"
    assert [layer["name"] for layer in page["layers"]] == ["encoder", "readout"]
    assert [layer["name"] for layer in page["structure"]] == ["encoder", "readout"]
    assert {"value": "40", "label": "hidden neurons"} in page["tiles"]


def test_a_file_that_has_changed(folder, capsys):
    done(capsys, "train", "mine/own_network.py:build", *SHORT, "--run", "run")
    file = folder / "mine" / "own_network.py"
    file.write_text(file.read_text().replace("{F}{C} - {F}{L}", "{F}{C}"))
    assert "own_network.py has changed since run was made" in refused(capsys, "resume", "run", "--epochs", "2")
    done(capsys, "report", "run")
    assert any("own_network.py has changed since" in problem for problem in page_of(folder / "run")["problems"])
    file.unlink()
    done(capsys, "report", "run")
    assert any("own_network.py cannot be read" in problem for problem in page_of(folder / "run")["problems"])


def test_a_file_that_has_moved(folder, capsys):
    done(capsys, "train", "mine/own_network.py:build", *SHORT, "--run", "run")
    shutil.move("mine", "yours")
    config = folder / "run" / "config.yaml"
    config.write_text(config.read_text().replace(f"{folder}/mine", f"{folder}/yours"))
    done(capsys, "resume", "run", "--epochs", "2")
    done(capsys, "evaluate", "run")


def test_study(folder, capsys, monkeypatch):
    settings = ("--set", "rates=0.002,0.008", "--set", "seeds=0", "--set", "epochs=1", "--set", "hidden=4")
    own = ("--set", "network.measure=mine/own_measure.py:SmoothMinimum", "--set", "network.bins=2", "--set", "network.readout_bins=2")
    studies = ("--dir", folder / "studies")
    done(capsys, "study", "new", "rates", "--kind", "mine/own_study.py:KIND", *settings, *own, *studies)
    monkeypatch.chdir(folder / "elsewhere")
    # A process of its own, which has loaded none of these files.
    work = [sys.executable, "-m", "infomorphic", "study", "work", "rates", "--workers", "1", "--json", *map(str, studies)]
    finished = subprocess.run(work, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)["complete"] == 2
    done(capsys, "study", "report", "rates", *studies)
    report = folder / "studies" / "rates" / "report"
    assert "| learning rate | mean validation accuracy | runs |" in (report / "report.md").read_text()
    assert (report / "accuracy-by-rate.png").is_file()
    assert list(pd.read_csv(report / "accuracy-by-rate.csv")["rate"]) == [0.002, 0.008]

    file = folder / "mine" / "own_measure.py"
    file.write_text(file.read_text() + "\n")
    assert "own_measure.py has changed since the study 'rates' was made" in refused(capsys, "study", "work", "rates", *studies)


def test_a_goal_and_a_network_of_a_study(folder, capsys):
    (folder / "goals.py").write_text(
        'from infomorphic.goals import Goal\nTEXT = "{F}{C}"\nGOAL = Goal.parse("{F}{C} - {F}{L}", "FCL")\nNONE = 1\n'
    )
    for name, goal in (("TEXT", "{F}{C}"), ("GOAL", "{F}{C} - {F}{L}")):
        done(capsys, "train", "--goal", f"goals.py:{name}", "--hidden", "3", *SHORT, "--run", name)
        assert Run.open(Path(name)).config.network.goal.written == goal
        assert Run.open(Path(name)).environment["files"] == {}
    assert "must be a Goal or text" in refused(capsys, "train", "--goal", "goals.py:NONE")
    assert json.loads(done(capsys, "goals", "goals.py:GOAL", "--json"))["goal"] == "{F}{C} - {F}{L}"
    (folder / "sized.py").write_text(
        "from infomorphic.networks.settings import HiddenLayer\nfrom infomorphic.training import preset\n"
        "def build(settings: HiddenLayer, num_inputs, num_classes, generator):\n"
        '    chosen = preset("context")\n'
        "    return chosen.build(chosen.settings(hidden=settings.hidden), num_inputs, num_classes, generator)\n"
    )
    models = f"models={folder / 'sized.py'}:build,setup-1:goals.py:TEXT"
    made = done(
        capsys,
        "study",
        "new",
        "s",
        "--kind",
        "layer-size",
        "--set",
        models,
        "--set",
        "sizes=3",
        "--set",
        "seeds=0",
        "--set",
        "dataset=digits",
        "--json",
    )
    assert json.loads(made)["total"] == 2


def test_what_an_installed_package_offers(folder, capsys, monkeypatch):
    """A distribution with entry points, as pip would install it."""
    site = folder / "site"
    shutil.copytree(folder / "mine", site / "extension")
    (site / "extension" / "goals.py").write_text('WISH = "{F}{C} - {F}{L}"\n')
    information = site / "extension-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: extension\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(
        "[infomorphic.measures]\nsmooth = extension.own_measure:SmoothMinimum\n"
        "[infomorphic.presets]\nencoder = extension.own_network:build\n"
        "[infomorphic.datasets]\nstripes = extension.own_data:stripes\n"
        "[infomorphic.studies]\nrates = extension.own_study:KIND\n"
        "[infomorphic.goals]\nwish = extension.goals:WISH\n"
        "broken = extension.nothing:THING\n"
    )
    monkeypatch.syspath_prepend(str(site))
    assert "smooth" in plugins.installed("infomorphic.measures")
    table = ROOT / "examples" / "xor.csv"
    found = json.loads(done(capsys, "pid", table, "-t", "y", "-s", "a,b", "--probability", "p", "--measure", "smooth", "--json"))
    assert found["measure"] == "smooth-minimum"
    done(capsys, "train", "encoder", "--dataset", "stripes", *SHORT, "--run", "run")
    done(capsys, "report", "run")
    page = page_of(folder / "run")
    assert (page["problems"], page["neurons"]["layer"]) == ([], "encoder")
    done(capsys, "train", "--goal", "wish", "--hidden", "3", *SHORT, "--run", "wish")
    assert Run.open(Path("wish")).config.network.goal.written == "{F}{C} - {F}{L}"
    assert "cannot be imported" in refused(capsys, "train", "--goal", "broken")
    settings = ("--set", "rates=0.002", "--set", "seeds=0", "--set", "epochs=1", "--set", "hidden=4")
    assert json.loads(done(capsys, "study", "new", "r", "--kind", "rates", *settings, "--json"))["kind"] == "rates"


def test_an_error_in_ones_own_code_has_its_line(folder, capsys):
    (folder / "faulty.py").write_text(
        "def build(num_inputs, num_classes, generator):\n    return 1 / 0\n\ndef load():\n    raise KeyError('x')\n"
    )
    assert "faulty.py, line 2: ZeroDivisionError" in refused(capsys, "train", "faulty.py:build")
    assert "faulty.py, line 5: KeyError" in refused(capsys, "train", "--dataset", "faulty.py:load")
