"""A training that a tracker follows."""

from dataclasses import dataclass

import pytest

from infomorphic.training import Run, TrainConfig, fit, resume
from infomorphic.training.trackers import track

CONFIG = TrainConfig.make({}, ["network.hidden=4", "training.epochs=2"])


class Recording:
    def __init__(self):
        self.calls = []

    def start(self, config):
        self.calls.append(("start", config))

    def log(self, epoch, metrics):
        self.calls.append(("log", epoch, metrics))

    def finish(self, summary):
        self.calls.append(("finish", summary))


def test_a_training_is_followed_epoch_by_epoch(tmp_path):
    recording = Recording()
    summary = track(recording, CONFIG.model_dump(), lambda report: fit(CONFIG, tmp_path / "r", on_progress=report))
    records = Run.open(tmp_path / "r").load_checkpoint().metrics
    assert recording.calls == [
        ("start", CONFIG.model_dump()),
        *[("log", record["epoch"], record) for record in records],
        ("finish", vars(summary)),
    ]
    assert len(records) == 2


def test_a_resumed_training_logs_what_is_new(tmp_path):
    fit(CONFIG, tmp_path / "r")
    recording = Recording()
    track(recording, CONFIG.model_dump(), lambda report: resume(Run.open(tmp_path / "r"), 4, on_progress=report))
    assert [call[1] for call in recording.calls if call[0] == "log"] == [3, 4]


def test_a_failure_is_told_to_the_tracker_and_raised():
    recording = Recording()

    def fails(report):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        track(recording, {}, fails)
    assert recording.calls == [("start", {}), ("finish", None)]


def test_the_same_epoch_is_logged_once():
    @dataclass
    class Progress:
        epoch: int
        metrics: dict

    recording = Recording()
    track(recording, {}, lambda report: [report(Progress(e, {"x": e})) for e in (0, 1, 1, 2)] and Progress(2, {}))
    assert [call[1] for call in recording.calls if call[0] == "log"] == [1, 2]
