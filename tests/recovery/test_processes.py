"""A training in several real processes: one of them is killed, and the run is continued by another number of processes."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from infomorphic.training import Run, TrainConfig, fit

SETTINGS = ("network.hidden=101", "network.lateral_connections=10", "training.batch_size=512")


def started(*words):
    environment = {**os.environ, "OMP_NUM_THREADS": str(torch.get_num_threads())}
    command = [sys.executable, "-m", "infomorphic", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def records(run):
    with (run / "metrics.csv").open() as file:
        return [{name: value for name, value in row.items() if name != "seconds"} for row in csv.DictReader(file)]


def test_a_killed_process_ends_the_run_which_another_number_continues_to_the_same_bits(tmp_path):
    run = tmp_path / "run"
    settings = [word for setting in SETTINGS for word in ("--set", setting)]
    with started("train", "setup-2", *settings, "--epochs", 10000, "--run", run, "--processes", 3) as supervisor:
        try:
            deadline = time.monotonic() + 300
            while not (run / "metrics.csv").exists() or len(records(run)) < 2:
                assert supervisor.poll() is None, supervisor.stderr.read()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            os.kill(_children(supervisor.pid)[-1], signal.SIGKILL)
            out, said = supervisor.communicate(timeout=120)
        finally:
            supervisor.terminate()
    assert supervisor.returncode == 1
    assert out == ""
    reached = Run.open(run).load_checkpoint().epoch
    assert said.splitlines()[-1] == (
        f"error: one of the 3 processes was lost; epoch {reached} of 10000 is saved. Continue with: infomorphic resume {run}"
    )
    assert "Traceback" not in said

    with started("resume", run, "--epochs", reached + 1, "--processes", 2, "--json") as supervisor:
        out, said = supervisor.communicate(timeout=300)
    assert supervisor.returncode == 0, said
    found = json.loads(out)
    assert found["hidden"] == 101

    whole = tmp_path / "whole"
    summary = fit(TrainConfig.make({"preset": "setup-2"}, [*SETTINGS, f"training.epochs={reached + 1}"]), whole)
    assert records(run) == records(whole)
    assert {n: v for n, v in found.items() if "accuracy" in n} == {n: v for n, v in vars(summary).items() if "accuracy" in n}
    for load in (lambda r: r.load_checkpoint().tensors, lambda r: r.load_history().values, lambda r: r.load_development().values):
        one, other = load(Run.open(run)), load(Run.open(whole))
        assert one.keys() == other.keys()
        assert all(torch.equal(one[name], other[name]) for name in one)


def _children(parent):
    """The processes that a process started, in their order."""
    tasks = Path(f"/proc/{parent}/task/{parent}/children")
    if not tasks.exists():
        pytest.skip("needs the list of processes of Linux")
    return sorted(int(pid) for pid in tasks.read_text().split())
