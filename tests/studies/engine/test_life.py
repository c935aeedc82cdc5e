"""Heartbeats: silent trials are given back, living ones are not."""

import json
import subprocess
import sys
from dataclasses import asdict

import optuna
from optuna.trial import TrialState

from infomorphic.studies.engine import life
from infomorphic.studies.engine.life import BEAT, WORKER, Heart, Watch, Worker, is_gone


def running(number=0, **attributes):
    trial = optuna.trial.create_trial(state=TrialState.RUNNING, system_attrs=attributes)
    trial.number = number
    return trial


def test_this_process_is_here():
    assert not is_gone(asdict(Worker.this_process()))


def test_a_process_that_ended_is_gone():
    code = "import json; from dataclasses import asdict; from infomorphic.studies.engine.life import Worker; print(json.dumps(asdict(Worker.this_process())))"
    record = json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
    assert is_gone(record)
    # Another process with its number is not it, and of other machines nothing is known.
    assert is_gone(asdict(Worker.this_process()) | {"started": "1"})
    assert not is_gone(record | {"place": "elsewhere"})
    assert not is_gone(None)


def test_silence_is_measured_from_when_it_was_first_heard(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(life.time, "monotonic", lambda: clock[0])
    watch = Watch(grace=10)
    assert watch.dead([running(0, **{BEAT: 1}), running(1)]) == []
    clock[0] += 9
    assert watch.dead([running(0, **{BEAT: 2}), running(1)]) == []
    clock[0] += 2
    assert [t.number for t in watch.dead([running(0, **{BEAT: 2}), running(1)])] == [1]
    clock[0] += 9
    assert [t.number for t in watch.dead([running(0, **{BEAT: 2})])] == [0]


def test_a_worker_that_is_gone_from_here_is_dead_at_once():
    gone = asdict(Worker.this_process()) | {"started": "1"}
    assert [t.number for t in Watch(1000).dead([running(3, **{WORKER: gone})])] == [3]


def test_a_heart_beats_until_its_trial_is_taken_away(make):
    study = make("sizes=1", "models=a", grace=0.4)
    trial = study.claim(Worker.this_process())
    with Heart(study.storage, trial._trial_id, grace=0.4) as heart:
        while BEAT not in study.running()[0].system_attrs:
            assert not heart.lost.is_set()
        study.bury(study.running())
        assert heart.lost.wait(30)
