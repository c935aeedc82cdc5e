"""The progress of a study, from its trials."""

import hypothesis.strategies as st
import optuna
import pytest
from hypothesis import given
from optuna.trial import TrialState

from infomorphic.studies.engine.cells import CELL, FAILURE, MAX_DEATHS, cells_of, is_duplicate

LIVE = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.RUNNING, TrialState.WAITING)


def trial(number, state, cell=0, failure=None):
    made = optuna.trial.create_trial(
        state=state, value=1.0 if state == TrialState.COMPLETE else None, user_attrs={CELL: cell} | ({FAILURE: failure} if failure else {})
    )
    made.number = number
    return made


def died(number, cell=0):
    return trial(number, TrialState.FAIL, cell, {"kind": "died", "reason": f"death {number}"})


def state(*trials):
    return cells_of(trials, 1)[0].state


def test_states_of_one_attempt():
    assert state() == "missing"
    assert state(trial(0, TrialState.WAITING)) == "pending"
    assert state(trial(0, TrialState.RUNNING)) == "running"
    assert state(trial(0, TrialState.COMPLETE)) == "complete"
    assert state(trial(0, TrialState.PRUNED)) == "pruned"
    assert state(trial(0, TrialState.FAIL, failure={"kind": "failed", "reason": "NaN"})) == "failed"


@pytest.mark.parametrize("kind", ["died", "returned", "interrupted", "duplicate"])
def test_what_is_not_the_trials_doing_is_tried_again(kind):
    assert state(trial(0, TrialState.FAIL, failure={"kind": kind, "reason": ""})) == "missing"


def test_an_attempt_that_failed_without_a_word_died():
    assert state(trial(0, TrialState.FAIL)) == "missing"
    assert state(*(trial(i, TrialState.FAIL) for i in range(MAX_DEATHS))) == "failed"


def test_so_many_deaths_are_enough():
    deaths = [died(i) for i in range(MAX_DEATHS)]
    assert state(*deaths[:-1]) == "missing"
    assert state(*deaths) == "failed"
    assert cells_of(deaths, 1)[0].failure == f"given up after {MAX_DEATHS} workers died on it; the last: death {MAX_DEATHS - 1}"
    # Trying again is trying again.
    assert state(*deaths, trial(9, TrialState.WAITING)) == "pending"
    assert state(*deaths, trial(9, TrialState.COMPLETE)) == "complete"


def test_a_result_counts_once_and_the_first_one():
    twice = [trial(1, TrialState.COMPLETE), died(2), trial(3, TrialState.COMPLETE)]
    (cell,) = cells_of(twice, 1)
    assert (cell.state, cell.counted.number) == ("complete", 1)


def test_trials_of_no_cell_do_not_count():
    stranger = optuna.trial.create_trial(value=1.0)
    assert [c.state for c in cells_of([stranger, trial(0, TrialState.COMPLETE, cell=7)], 2)] == ["missing", "missing"]


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from([*LIVE, TrialState.FAIL])), max_size=12), st.randoms(use_true_random=False))
def test_of_the_attempts_at_a_cell_exactly_one_may_run(drawn, random):
    trials = [trial(number, s, cell) for number, (cell, s) in enumerate(drawn)]
    shuffled = random.sample(trials, len(trials))
    for cell in range(3):
        live = [t for t in trials if t.user_attrs[CELL] == cell and t.state in LIVE]
        allowed = [t for t in live if not is_duplicate(t, shuffled)]
        assert [t.number for t in allowed] == [min(t.number for t in live)] if live else not allowed
    assert [c.state for c in cells_of(shuffled, 3)] == [c.state for c in cells_of(trials, 3)]
