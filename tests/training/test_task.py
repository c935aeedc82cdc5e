"""A task of a user's own, with neither images nor labels, goes through every command like a built-in one."""

import json
import re
import sys
from pathlib import Path

import pytest

from infomorphic.cli import main
from infomorphic.studies.engine.kind import kind
from infomorphic.training import Run, TrainConfig
from infomorphic.training.results import Score

TASK = '''
"""A layer that learns from pairs of correlated signals."""

from dataclasses import dataclass
from typing import ClassVar

import torch

from infomorphic.estimation import LargestMagnitude
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, Bivariate, InfomorphicLayer
from infomorphic.networks import InfomorphicNetwork, Wiring
from infomorphic.networks.optimizer import adam
from infomorphic.networks.settings import NetworkSettings, Optimizer
from infomorphic.seeding import generator_for
from infomorphic.studies import Grid, Kind, TrainingSettings as StudySettings
from infomorphic.training import Preset, Summary, TrainConfig
from infomorphic.training.results import Score
from infomorphic.training.settings import DataSettings, TrainingSettings
from infomorphic.training.task import Task


class Cells(NetworkSettings):
    units: int = 3


class Signals(DataSettings):
    samples: int = 64


@dataclass(frozen=True, kw_only=True)
class Found(Summary):
    spread: float
    names: str


class SignalTask(Task):
    name = "signals"
    Data, Training, Summary = Signals, TrainingSettings, Found
    score = Score("spread", "spread", "spread", larger_is_better=False)
    curves = {"spread": "spread"}

    def __init__(self, sections, data_dir):
        self.sections = sections
        self.signals = torch.randn(sections.data.samples, 4, generator=generator_for(sections.training.seed, "signals"))
        self.network = sections.preset.build(sections.network, generator_for(sections.training.seed, "weights"))
        self.optimizer = adam(self.network.layers, {"cells": Optimizer(learning_rate=0.01, weight_decay=0.0)})

    def train_epoch(self, epoch, on_part=None):
        self.optimizer.zero_grad(set_to_none=True)
        self.network.learn({"input": self.signals}, generator_for(self.sections.training.seed, "outputs", epoch))
        self.optimizer.step()
        return {}

    def measure(self, epoch):
        return {"spread": self.result(epoch)["spread"]}

    def result(self, epoch):
        spread = float(self.network({"input": self.signals}, inference="expected")["cells"].firing_prob.std())
        return {"spread": spread, "names": "three"}

    @staticmethod
    def rebuild(sections, weights, sizes=None):
        return sections.preset.build(sections.network)


def build(settings, generator=None):
    layer = InfomorphicLayer(settings.units, {"F": AllToAll(4), "C": AllOthers()}, Bivariate(), generator=generator)
    wiring = Wiring({"F": "input", "C": "cells"}, Goal.parse("{F}", sources="FC"), LargestMagnitude(5))
    return InfomorphicNetwork({"cells": layer}, {"cells": wiring})


PRESET = Preset("signals", "cells that listen to signals", SignalTask, Cells, build)


class Sizes(StudySettings):
    units: int = 2


def config(settings, params):
    values = {"preset": f"{__file__}:PRESET", "network": {"units": params["units"]}, "training": {"epochs": settings.epochs}}
    return TrainConfig.make(values, settings.overrides)


def report(settings, table, report):
    report.list_table(("units", "spread"), list(zip(table["units"], table["spread"])))


KIND = Kind("Spread over size.", Sizes, "spread", lambda settings: Grid(({"units": 2}, {"units": 3})), report, config)
'''


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "own.py").write_text(TASK)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return tmp_path


def done(capsys, *arguments):
    assert main([str(a) for a in arguments]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def refused(capsys, *arguments):
    assert main([str(a) for a in arguments]) == 1
    return " ".join(capsys.readouterr().err.split())


def test_a_task_of_ones_own_goes_through_every_command(folder, capsys):
    summary = json.loads(done(capsys, "train", "own.py:PRESET", "--epochs", "2", "--run", "run", "--json"))
    assert summary["spread"] > 0
    done(capsys, "resume", "run", "--epochs", "4")
    done(capsys, "train", "own.py:PRESET", "--epochs", "4", "--run", "whole")
    resumed, whole = (Run.open(Path(name)).load_checkpoint() for name in ("run", "whole"))
    assert all((whole.tensors[name] == tensor).all() for name, tensor in resumed.tensors.items())

    recorded = Run.open(Path("run")).summary
    assert json.loads(done(capsys, "evaluate", "run", "--json")) == {"epochs": 4, "spread": recorded["spread"], "names": "three"}
    assert "own.py:PRESET: 4 epochs, seed 0" in " ".join(done(capsys, "evaluate", "run").split())
    assert "--split must be left out for run: the task 'signals' evaluates" in refused(capsys, "evaluate", "run", "--split", "test")
    assert "which stores no patterns" in refused(capsys, "recall", "run")
    assert "only classifiers can be exported" in refused(capsys, "export", "run", "--out", "m.pt2")

    (listed,) = [row for row in json.loads(done(capsys, "runs", ".", "--json"))["runs"] if row["run"] == "run"]
    assert (listed["measure"], listed["result"]) == ("spread", recorded["spread"])
    assert f"{recorded['spread']:.3f}" in done(capsys, "runs", ".")


def test_the_report_of_a_task_of_ones_own(folder, capsys):
    done(capsys, "train", "own.py:PRESET", "--epochs", "2", "--run", "run")
    done(capsys, "report", "run")
    html = (folder / "run" / "report.html").read_text(encoding="utf-8")
    page = json.loads(re.search(r'<script type="application/json" id="content">(.*?)</script>', html, re.DOTALL)[1])
    assert page["problems"] == []
    assert page["curves"]["axis"] == {"title": "spread (smaller is better)", "percent": False}
    assert len(page["curves"]["results"]["spread"]) == 2
    assert page["results"] is page["benchmark_command"] is None
    assert {"value": "3", "label": "neurons"} in page["tiles"]
    done(capsys, "report", "run", "run", "--compare", "--out", "both.html")


def test_a_study_of_a_task_of_ones_own(folder, capsys):
    made = json.loads(done(capsys, "study", "new", "sizes", "--kind", "own.py:KIND", "--set", "epochs=3", "--json"))
    assert made["total"] == 2
    own = kind("own.py:KIND")
    assert own.cost(own.make_settings(["epochs=3"]), {"units": 2}) == 3.0
    done(capsys, "study", "work", "sizes", "--workers", "1")
    done(capsys, "study", "report", "sizes")
    assert "| units | spread |" in (folder / "studies" / "sizes" / "report" / "report.md").read_text()


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('return {"spread": self.result(epoch)["spread"]}', "return self.result(epoch)", "must return numbers; got 'three' for 'names'"),
        ('"names": "three"}', "}", "must give the fields of its `Summary`, names, spread; got spread"),
        ('return {"spread": self.result(epoch)["spread"]}', "return 1 / 0", "own.py, line 56: ZeroDivisionError"),
        ("self.sections = sections", "self.sections = section", "own.py, line 44: NameError"),
    ],
)
def test_mistakes_in_a_task_of_ones_own_are_named(folder, capsys, right, wrong, message):
    assert right in TASK
    (folder / "own.py").write_text(TASK.replace(right, wrong))
    assert message in refused(capsys, "train", "own.py:PRESET", "--epochs", "1", "--run", "run")


def test_the_numbers_that_a_study_records(folder):
    config = TrainConfig.make({"preset": "own.py:PRESET"})
    summary = {"run": "run", "seed": 3, "epochs": 4, "spread": 0.5, "names": "three"}
    assert config.task.metrics(config.sections, summary) == {"spread": 0.5}
    assert config.task.num_neurons(config.sections) is None


def test_a_score_is_written_with_its_unit():
    accuracy = Score("accuracy", "test_accuracy", "validation_accuracy", "%")
    assert [accuracy.written(value) for value in (0.98765, None, float("nan"))] == ["98.77 %", "–", "–"]
    assert Score("score", "score", "score").written(0.5) == "0.500"
