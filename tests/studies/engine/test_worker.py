"""Workers: trials taken, given back, failed, pruned."""

import threading

import pytest
import torch

from infomorphic.errors import DataError, RunError
from infomorphic.interruption import Terminated, interruptible
from infomorphic.studies import Study, WorkOptions, table, work
from infomorphic.studies.engine.cells import MAX_DEATHS
from infomorphic.studies.engine.life import Heart


def test_every_trial_is_done_with_its_own_parameters(kind_of, make):
    kind_of(lambda settings, params, trial: {"score": float(params["size"]), "twice": 2.0 * params["size"]})
    study = make()
    assert work(study) == 6
    found = table(study)
    assert found["score"].tolist() == [1.0, 2.0, 3.0] * 2
    assert found["twice"].tolist() == [2.0, 4.0, 6.0] * 2
    assert found["model"].tolist() == ["a"] * 3 + ["b"] * 3
    assert (found["threads"] == 1).all()
    assert found["version"].notna().all()
    assert study.status().finished
    assert work(study) == 0


def test_a_limit(make):
    study = make()
    assert work(study, limit=2) == 2
    assert (study.status().complete, study.status().pending) == (2, 4)


def test_a_result_that_is_not_finite_has_failed(kind_of, make):
    kind_of(lambda settings, params, trial: {"score": float("nan") if params["size"] == 2 else 1.0})
    study = make("models=a")
    work(study)
    status = study.status()
    assert (status.complete, status.failed) == (2, 1)
    assert status.failures == ("score is nan: not a finite number",)
    assert table(study)["size"].tolist() == [1, 3]
    # It is not tried again, unless someone asks for it.
    assert work(study) == 0
    kind_of(lambda settings, params, trial: {"score": 1.0})
    assert work(Study.open("s", study.url), WorkOptions(retry_failed=True)) == 1
    assert study.status().failed == 0


def test_a_run_that_diverges_has_failed_and_the_worker_goes_on(kind_of, make):
    def run(settings, params, trial):
        if params["size"] == 1:
            raise RunError("weights became NaN")
        return {"score": 1.0}

    kind_of(run)
    study = make("models=a")
    work(study)
    assert (study.status().complete, study.status().failures) == (2, ("weights became NaN",))


def test_what_is_missing_stops_the_worker_and_costs_the_trial_nothing(kind_of, make):
    def run(settings, params, trial):
        raise DataError("mnist could not be downloaded")

    kind_of(run)
    study = make("models=a")
    for _ in range(MAX_DEATHS + 2):
        with pytest.raises(DataError, match="could not be downloaded"):
            work(study)
    assert (study.status().failed, study.status().pending) == (0, 3)


def test_a_bug_stops_the_worker_and_is_not_tried_for_ever(kind_of, make):
    def run(settings, params, trial):
        raise ZeroDivisionError("oh")

    kind_of(run)
    study = make("models=a", "sizes=1")
    for _ in range(MAX_DEATHS):
        with pytest.raises(ZeroDivisionError):
            work(study)
    assert work(study) == 0
    assert "ZeroDivisionError: oh (test_worker.py:" in study.status().failures[0]


def test_a_stopped_worker_gives_its_trial_back(kind_of, make):
    def run(settings, params, trial):
        raise KeyboardInterrupt

    kind_of(run)
    study = make()
    with pytest.raises(KeyboardInterrupt):
        work(study)
    assert [t.user_attrs["failure"]["kind"] for t in study.trials() if "failure" in t.user_attrs] == ["interrupted"]
    assert study.status().pending == 6


def test_the_polite_signal_is_an_interruption():
    import os
    import signal

    def polite():
        with interruptible():
            os.kill(os.getpid(), signal.SIGTERM)
            threading.Event().wait(30)

    with pytest.raises(Terminated):
        polite()


def test_a_trial_that_was_taken_away_ends_and_does_not_count(kind_of, make, monkeypatch):
    calls = []

    def run(settings, params, trial):
        calls.append(params)
        if len(calls) == 1:
            # What others do who have not heard of this worker for a while.
            study.bury(study.running())
            assert lost[0].lost.wait(30)
            trial.on_step(1, 0.5)
        return {"score": 2.0}

    lost = []
    enter = Heart.__enter__
    monkeypatch.setattr(Heart, "__enter__", lambda heart: lost.append(heart) or enter(heart))
    kind_of(run)
    study = make("models=a", "sizes=1", grace=0.4)
    assert work(study) == 1
    assert len(calls) == 2
    assert table(study)["score"].tolist() == [2.0]


def test_a_worker_waits_for_others_and_takes_over_from_the_dead(kind_of, make):
    from dataclasses import replace

    from infomorphic.studies.engine.life import Worker

    study = make("models=a", "sizes=1", grace=1.0)
    elsewhere = replace(Worker.this_process(), place="another machine", host="far")
    assert study.claim(elsewhere) is not None
    assert work(study, WorkOptions(wait=False)) == 0
    assert work(study) == 1
    assert study.trials()[0].user_attrs["failure"]["reason"].startswith("its worker far:")


def test_threads_are_those_asked_for_and_given_back(kind_of, make):
    seen = []
    kind_of(lambda settings, params, trial: seen.append(torch.get_num_threads()) or {"score": 1.0})
    study = make()
    for threads in (2, 1):
        work(study, WorkOptions(threads=threads), limit=1)
    assert seen == [2, 1]
    assert table(study)["threads"].tolist() == [2, 1]


def search_results(searches, make, name, sampler):
    study = make(f"sampler={sampler}", "seed=3", name=name, trials=14)
    work(study)
    return table(study)[["x", "y", "score"]]


@pytest.mark.parametrize("sampler", ["random", "tpe", "cmaes"])
def test_a_search_is_the_same_in_every_repetition(searches, make, sampler):
    first, again = (search_results(searches, make, name, sampler) for name in "ab")
    assert first.equals(again)
    assert len(first.drop_duplicates()) == 14
    assert (first[["x", "y"]].abs() <= 1).all().all()


def test_trials_of_a_search_do_not_draw_alike_when_they_are_taken_at_once(searches, make):
    from infomorphic.studies.engine.life import Worker

    study, me = make(), Worker.this_process()
    drawn = [tuple(study.params_for(study.claim(me)).values()) for _ in range(5)]
    assert len(set(drawn)) == 5


def test_samplers_find_what_is_there(searches, make):
    # The largest value is 0; of 14 random points in the square the best is about -0.05 on average.
    assert search_results(searches, make, "t", "tpe")["score"].max() > -0.3


def test_trials_are_pruned_where_the_study_asks_for_it(searches, make):
    def run(settings, params, trial):
        # Every trial is worse than the ones before.
        started.append(params)
        for epoch in range(1, 5):
            trial.on_step(epoch, -float(len(started)))
        return {"score": -float(len(started))}

    started = []
    searches(run)
    study = make("pruner=median", trials=12)
    work(study)
    status = study.status()
    assert status.pruned > 0
    assert status.complete + status.pruned == 12
    assert len(table(study)) == status.complete
    started.clear()
    assert work(make(name="whole", trials=12)) == 12
    assert len(started) == 12


def test_a_step_that_is_reported_again_within_an_epoch_counts_once(searches, make):
    def run(settings, params, trial):
        for epoch in (1, 1, 2):
            trial.on_step(epoch, 0.5)
        return {"score": 0.5}

    searches(run)
    study = make(trials=1)
    work(study)  # a warning of Optuna would be an error
    assert study.status().complete == 1
