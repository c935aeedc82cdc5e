"""Real workers whose storage is gone, locked or frozen: they report it, wait, and still react to signals."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from infomorphic.studies import Study, embedded

LONG = ("models=backprop", "sizes=5", "dataset=digits", "seeds=0,1")


class Worker:
    """`infomorphic study …` as a process, with what it writes."""

    def __init__(self, *words, **environment):
        command = [sys.executable, "-m", "infomorphic", "study", *map(str, words)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "OMP_NUM_THREADS": "1", **environment}
        )
        self.lines = []
        self._reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True)
        self._reader.start()

    def said(self):
        return "".join(self.lines)

    def until(self, true):
        deadline = time.monotonic() + 120
        while not true():
            assert time.monotonic() < deadline, self.said()
            assert self.process.poll() is None, self.said()
            time.sleep(0.05)

    def ended(self, seconds=60):
        status = self.process.wait(seconds)
        self._reader.join(10)
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._reader.join()
        self.process.stdout.close()


def in_training(study):
    return lambda: any("infomorphic:worker" in t.system_attrs for t in study.running())


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_whose_storage_is_deleted_hears_that_it_should_stop(tmp_path, stop):
    study = Study.create("s", "layer-size", [*LONG, "epochs=20000"], url=embedded(tmp_path / "s"), grace=8)
    with Worker("work", "s", "--workers", "1", "--dir", tmp_path) as worker:
        worker.until(in_training(study))
        shutil.rmtree(tmp_path / "s")
        worker.until(lambda: "does not answer" in worker.said())
        worker.process.send_signal(stop)
        assert worker.ended() == 128 + stop
        assert "1 trial was not returned, because the storage does not answer, and will be taken over after 8 seconds" in worker.said()
        assert "Traceback" not in worker.said()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stopped_worker_says_what_it_gave_back_and_how_to_go_on(tmp_path, workers):
    study = Study.create("s", "layer-size", [*LONG, "epochs=20000"], url=embedded(tmp_path / "s"))
    with Worker("work", "s", "--workers", workers, "--dir", tmp_path) as worker:
        worker.until(lambda: sum("infomorphic:worker" in t.system_attrs for t in study.running()) == workers)
        worker.process.send_signal(signal.SIGINT)
        assert worker.ended() == 130
    trials = "1 trial was" if workers == 1 else "2 trials were"
    assert f"stopped: {trials} returned to the queue; complete trials are kept." in worker.said()
    assert f"Continue with: infomorphic study work s --workers {workers} --dir {tmp_path}" in worker.said()
    assert (study.status().running, study.status().pending) == (0, 2)
    assert {t.user_attrs["failure"]["kind"] for t in study.trials() if "failure" in t.user_attrs} == {"interrupted"}


def test_a_worker_that_starts_while_the_file_is_locked_waits(tmp_path):
    study = Study.create("s", "layer-size", [*LONG, "epochs=1"], url=embedded(tmp_path / "s"))
    blocker = sqlite3.connect(tmp_path / "s" / "study.db", isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    with Worker("work", "s", "--workers", "1", "--dir", tmp_path) as worker:
        worker.until(lambda: "does not answer" in worker.said())
        blocker.execute("ROLLBACK")
        blocker.close()
        assert worker.ended(300) == 0
        assert "The storage answers again" in worker.said()
    assert study.status().complete == 2


def test_a_worker_that_starts_before_its_server_waits_and_stops_when_told(tmp_path):
    pytest.importorskip("psycopg")
    address = "postgresql://ada:hunter22@127.0.0.1:1/db"
    with Worker("work", "s", "--workers", "1", INFOMORPHIC_STORAGE=address) as worker:
        worker.until(lambda: "does not answer" in worker.said())
        worker.process.send_signal(signal.SIGINT)
        assert worker.ended() == 130
    assert "ada:***@127.0.0.1:1/db" in worker.said()
    assert "Continue with: infomorphic study work s --workers 1\n" in worker.said()
    assert "hunter22" not in worker.said()


def test_whoever_only_looks_waits_for_some_seconds_and_says_so(tmp_path):
    Study.create("s", "layer-size", [*LONG, "epochs=1"], url=embedded(tmp_path / "s"))
    blocker = sqlite3.connect(tmp_path / "s" / "study.db", isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    try:
        with Worker("status", "s", "--dir", tmp_path) as looking:
            assert looking.ended(120) == 1
    finally:
        blocker.close()
    assert "does not answer" in looking.said()
    assert looking.said().splitlines()[-1].startswith("error: the storage sqlite://")
    assert "is locked" in looking.said()


def test_no_file_of_a_run_holds_a_password(tmp_path, postgresql):
    address = postgresql.replace("tester@", "tester:hunter22@")
    words = [
        "--kind",
        "layer-size",
        "--set",
        "models=backprop",
        "--set",
        "sizes=3",
        "--set",
        "dataset=digits",
        "--set",
        "seeds=0",
        "--set",
        "epochs=1",
    ]
    kept = tmp_path / "runs"
    for command in (
        ["new", "secret", *words, "--storage", address],
        ["work", "secret", "--workers", "1", "--keep-runs", kept, f"--storage={address}"],
        ["export", "secret", "--out", tmp_path / "s.csv", "--storage", address],
        ["export", "secret", "--out", tmp_path / "s.parquet", "--storage", address],
        ["report", "secret", "--out", tmp_path / "report", "--storage", address],
    ):
        with Worker(*command) as worker:
            assert worker.ended(300) == 0, worker.said()
            assert "hunter22" not in worker.said()
            if command[0] == "new":
                assert f"infomorphic study work secret --storage '{address.replace('hunter22', '***')}'" in worker.said()
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert {"environment.json", "s.csv", "s.parquet", "report.md"} <= {p.name for p in files}
    assert not [p for p in files if b"hunter22" in Path(p).read_bytes()]
