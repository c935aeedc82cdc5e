"""Real processes, killed with no chance to clean up, while they train."""

import os
import signal
import subprocess
import sys
import time

import pytest

from infomorphic.studies import Study, WorkOptions, embedded, table, work, work_in_processes

LONG = ("models=backprop", "sizes=5", "dataset=digits")


def start_worker(study, *more):
    command = [sys.executable, "-m", "infomorphic", "study", "work", study.name, "--storage", study.url, "--workers", "1", "--json", *more]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})


def wait_until(true, process=None):
    deadline = time.monotonic() + 180
    while not true():
        assert time.monotonic() < deadline
        assert process is None or process.poll() is None
        time.sleep(0.05)


def results(study):
    return table(study)[["cell", "seed", "train_accuracy", "validation_accuracy", "test_accuracy", "test_accuracy_expected"]]


def killed_in_the_middle(url, name):
    """A study with two workers, of which the first to train was killed, and its trial."""
    study = Study.create(name, "layer-size", [*LONG, "seeds=0,1", "epochs=150"], url=url, grace=4)
    workers = {w.pid: w for w in (start_worker(study), start_worker(study))}
    try:
        wait_until(lambda: any("infomorphic:worker" in t.system_attrs for t in study.running()))
        victim = next(t for t in study.running() if "infomorphic:worker" in t.system_attrs)
        killed = workers.pop(victim.system_attrs["infomorphic:worker"]["pid"])
        os.kill(killed.pid, signal.SIGKILL)
        killed.wait()
        (other,) = workers.values()
        assert other.wait(300) == 0
    finally:
        for worker in workers.values():
            worker.kill()
            worker.wait()
    return study, victim


def check(study, victim):
    status = study.status()
    assert (status.complete, status.failed, status.pending, status.running) == (2, 0, 0, 0)
    # The killed trial is the only one that was lost, and its cell was done again, once.
    attempts = {c.number: [(t.number, t.state.name) for t in c.attempts] for c in study.cells()}
    lost = victim.user_attrs["cell"]
    assert attempts.pop(lost) == [(victim.number, "FAIL"), (2, "COMPLETE")]
    assert all(len(a) == 1 and a[0][1] == "COMPLETE" for a in attempts.values())
    found = table(study)
    assert found["seed"].tolist() == [0, 1]
    return found


def test_a_killed_worker_loses_its_trial_and_nothing_else(memory_path):
    study, victim = killed_in_the_middle(embedded(memory_path), "killed")
    check(study, victim)
    # A trial gives the same result whoever does it, and however often it was begun.
    again = Study.create("again", "layer-size", [*LONG, "seeds=0,1", "epochs=150"], url=embedded(memory_path))
    work(again)
    assert results(again).equals(results(study))


def test_the_same_with_a_server(postgresql):
    study, victim = killed_in_the_middle(postgresql, "killed")
    check(study, victim)


@pytest.mark.slow
def test_a_team_goes_on_without_a_killed_member_and_replaces_it(memory_path):
    study = Study.create("team", "layer-size", [*LONG, "seeds=0,1", "epochs=60"], url=embedded(memory_path))
    killed = []

    def kill_one(status):
        running = [t for t in study.running() if t.system_attrs.get("infomorphic:worker", {}).get("pid") not in (None, os.getpid())]
        if running and not killed:
            killed.append(running[0].system_attrs["infomorphic:worker"]["pid"])
            os.kill(killed[0], signal.SIGKILL)

    work_in_processes(study, workers=2, on_status=kill_one)
    assert len(killed) == 1
    assert study.status().complete == 2
    assert len(study.trials()) == 3
    machines = table(study)
    assert (machines["threads"] == 1).all()


@pytest.mark.slow
def test_workers_end_with_their_parent_and_the_study_goes_on(memory_path):
    study = Study.create("orphans", "layer-size", [*LONG, "seeds=0,1", "epochs=400"], url=embedded(memory_path))
    parent = subprocess.Popen(
        [sys.executable, "-m", "infomorphic", "study", "work", "orphans", "--storage", study.url, "--workers", "2", "--json"],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: len(study.running()) == 2 and all("infomorphic:worker" in t.system_attrs for t in study.running()), parent)
    finally:
        parent.kill()
        parent.wait()
    # On the same machine nobody has to wait for the grace period of two minutes.
    wait_until(lambda: not study.running() or (study.bury_gone() and False))
    assert study.status().complete == 0
    study.refill()
    assert study.status().pending == 2


@pytest.mark.slow
def test_an_error_of_a_member_ends_the_team_in_its_words(memory_path):
    study = Study.create(
        "missing",
        "layer-size",
        ["models=backprop", "sizes=5", "dataset=npz:nowhere.npz", "seeds=0,1", "epochs=1"],
        url=embedded(memory_path),
    )
    with pytest.raises(Exception, match=r"nowhere\.npz"):
        work_in_processes(study, 2, WorkOptions())
    assert study.status().pending == 2
