"""Permutations and bootstrap draws of rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infomorphic.errors import InvalidSamplesError
from infomorphic.statistics import (
    DrawBlocks,
    DrawRows,
    DrawTrials,
    PermuteBlocks,
    PermuteSource,
    PermuteTarget,
    PermuteTrials,
    PermuteWithin,
    Shift,
)

ROWS = 60
STRATA = np.arange(ROWS) % 4
TRIALS = np.arange(ROWS) // 10
NULLS = [
    PermuteTarget(),
    PermuteSource(0),
    PermuteWithin(STRATA),
    Shift(),
    Shift(TRIALS),
    PermuteBlocks(7),
    PermuteTrials(TRIALS),
]


@pytest.mark.parametrize("null", NULLS, ids=str)
def test_every_null_is_a_permutation_and_the_same_seed_gives_the_same(null):
    drawn = [null.draw(np.random.default_rng(3), ROWS) for _ in range(2)]
    assert sorted(drawn[0]) == list(range(ROWS))
    assert (drawn[0] == drawn[1]).all()
    assert (drawn[0] != null.draw(np.random.default_rng(4), ROWS)).any()


def test_rows_stay_in_their_stratum():
    order = PermuteWithin(STRATA).draw(np.random.default_rng(0), ROWS)
    assert (STRATA[order] == STRATA).all()


def test_permutations_within_a_stratum_are_uniform():
    rng, strata = np.random.default_rng(0), np.array([0, 1, 0, 1, 0])
    first = [PermuteWithin(strata).draw(rng, 5)[0] for _ in range(3000)]
    counts = np.bincount(first, minlength=5)
    assert counts[[1, 3]].sum() == 0
    assert np.abs(counts[[0, 2, 4]] - 1000).max() < 150  # five standard deviations


@given(seed=st.integers(0, 1000))
def test_a_shift_keeps_the_order_in_time(seed):
    order = Shift().draw(np.random.default_rng(seed), ROWS)
    assert set(np.diff(order) % ROWS) == {1}


def test_a_shift_with_trials_stays_within_them():
    order = Shift(TRIALS).draw(np.random.default_rng(0), ROWS)
    assert (TRIALS[order] == TRIALS).all()
    assert all(set(np.diff(order[t == TRIALS]) % 10) == {1} for t in range(6))


def test_every_shift_is_equally_probable_no_shift_included():
    rng = np.random.default_rng(0)
    shifts = [int(-Shift().draw(rng, 10)[0] % 10) for _ in range(5000)]
    assert np.abs(np.bincount(shifts, minlength=10) - 500).max() < 110  # five standard deviations


def test_whole_trials_are_exchanged():
    order = PermuteTrials(TRIALS).draw(np.random.default_rng(0), ROWS)
    assert (order % 10 == np.arange(ROWS) % 10).all()
    assert all(len(set(TRIALS[order[t == TRIALS]])) == 1 for t in range(6))


def test_blocks_keep_their_rows_together():
    order = PermuteBlocks(10).draw(np.random.default_rng(0), ROWS)
    assert (np.diff(order) % ROWS == 1).sum() >= ROWS - 6


def test_draws_with_replacement():
    rng = np.random.default_rng(0)
    assert len(DrawRows().draw(rng, ROWS)) == ROWS
    blocks = DrawBlocks(6).draw(rng, ROWS)
    assert len(blocks) == ROWS
    assert all(set(np.diff(b) % ROWS) == {1} for b in np.split(blocks, 10))
    trials = DrawTrials(TRIALS).draw(rng, ROWS)
    assert all(np.ptp(TRIALS[t]) == 0 for t in np.split(trials, 6))


def test_trials_of_different_lengths_are_drawn_but_not_exchanged():
    trials = np.array([0, 0, 1, 1, 1])
    lengths = {len(DrawTrials(trials).draw(np.random.default_rng(s), 5)) for s in range(20)}
    assert lengths == {4, 5, 6}
    with pytest.raises(InvalidSamplesError, match=r"`trials` must have at least two trials with the same number of rows"):
        PermuteTrials(trials).draw(np.random.default_rng(0), 5)


def test_groups_of_the_rows_that_are_kept():
    null = PermuteWithin(np.array(["a", "b", "a", "c"])).of(np.array([0, 2, 2, 3]), 4)
    assert null.strata.tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: PermuteBlocks(0), "`length` must be at least 1 row"),
        (lambda: DrawBlocks(40).draw(np.random.default_rng(0), 60), "`length` must be at most half of the 60 rows; got 40"),
        (lambda: PermuteSource(2).variable(2), "`source` must be the index of one of 2 sources"),
        (lambda: PermuteWithin(np.array([1.0, np.nan])).of(np.arange(2), 2), "`strata` must not have missing values; got 1"),
        (lambda: PermuteWithin(np.array([1.0])).of(np.arange(2), 2), r"`strata` must have one entry per row, shape \(2,\)"),
        (lambda: Shift(np.array([0, 1, 0])).draw(np.random.default_rng(0), 3), "`trials` must have the rows of each trial one after"),
        (lambda: DrawTrials(np.zeros(4)).draw(np.random.default_rng(0), 4), "`trials` must have at least two different trials"),
    ],
)
def test_what_cannot_be_rearranged_is_refused(act, message):
    with pytest.raises(InvalidSamplesError, match=message):
        act()
