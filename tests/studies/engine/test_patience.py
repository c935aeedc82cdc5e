"""Calls to an unreliable storage are repeated, for a limited time."""

import pytest
from optuna.exceptions import StorageInternalError, UpdateFinishedTrialError

from infomorphic.errors import StudyError
from infomorphic.studies import table, work
from infomorphic.studies.engine import patience
from infomorphic.studies.engine.patience import Patience, patient


class Unreliable:
    """Answers every third time."""

    def __init__(self, storage):
        self.storage, self.calls = storage, 0

    def __getattr__(self, name):
        method = getattr(self.storage, name)

        def call(*arguments, **named):
            self.calls += 1
            if self.calls % 3:
                raise StorageInternalError from OSError("the network is down")
            return method(*arguments, **named)

        return call


@pytest.fixture
def pauses(monkeypatch):
    """How long it was waited, without waiting."""
    slept = []
    monkeypatch.setattr(patience.time, "sleep", slept.append)
    monkeypatch.setattr(patience.time, "monotonic", lambda: sum(slept))
    return slept


def test_a_study_is_done_over_a_bad_network(make, pauses):
    study = make()
    unreliable = Unreliable(study.storage)
    study.storage = patient(unreliable, Patience(study.url))
    assert work(study) == 6
    assert len(table(study)) == 6
    assert unreliable.calls > 100
    assert len(pauses) > 2 * 6


def test_patience_ends(pauses):
    class Silent:
        def get_all_studies(self):
            raise StorageInternalError from OSError("the network is down")

    with pytest.raises(StudyError, match="has not answered for 300 seconds: the network is down"):
        patient(Silent(), Patience("sqlite:///here")).get_all_studies()
    assert pauses[:4] == [0.5, 1, 2, 4]
    assert max(pauses) == 30


def test_what_the_storage_says_is_an_answer(pauses):
    class Clear:
        url = "here"

        def set_trial_state_values(self, *arguments):
            raise UpdateFinishedTrialError

    with pytest.raises(UpdateFinishedTrialError):
        patient(Clear(), Patience("sqlite:///here")).set_trial_state_values(1, 2)
    assert pauses == []
    assert patient(Clear(), Patience("sqlite:///here")).url == "here"
