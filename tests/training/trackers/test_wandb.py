"""Weights & Biases against an object that records its calls."""

import pytest

from infomorphic.training.trackers import WandbTracker
from training.trackers.following import CONFIG, SUMMARY, follow


class FakeWandb:
    def __init__(self):
        self.calls = []
        self.summary = {}

    def init(self, **options):
        self.calls.append(("init", options))
        return self

    def log(self, metrics, step):
        self.calls.append(("log", metrics, step))

    def finish(self, exit_code):
        self.calls.append(("finish", exit_code))


@pytest.mark.parametrize("summary", [SUMMARY, None])
def test_wandb_gets_these_calls(summary):
    fake = FakeWandb()
    follow(WandbTracker("bars", fake, mode="offline"), summary)
    assert fake.calls == [
        ("init", {"project": "bars", "config": CONFIG, "mode": "offline"}),
        ("log", {"hidden/F_C": 0.25}, 1),
        ("log", {"hidden/F_C": 0.5}, 2),
        ("finish", 0 if summary else 1),
    ]
    assert fake.summary == (summary or {})
