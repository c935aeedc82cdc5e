"""Spike counts and means in time bins, and messages about times."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infomorphic.errors import InfomorphicWarning, RecordingError
from infomorphic.recordings import bin_means, spike_counts
from shape_checking import wrong_on_purpose


def test_counts_and_their_cap():
    times = [0.0, 0.01, 0.02, 0.1, 0.39]
    assert spike_counts(times, 0.1, 0.0, 0.4).tolist() == [3, 1, 0, 1]
    assert spike_counts(times, 0.1, 0.0, 0.4, cap=2).tolist() == [2, 1, 0, 1]
    assert spike_counts([], 0.1, 0.0, 0.4).tolist() == [0, 0, 0, 0]


def test_a_spike_at_the_beginning_of_a_bin_is_in_this_bin():
    # 3 * 0.1 is larger than 0.3 in floating point, and 0.7 / 0.1 is less than 7.
    assert spike_counts([0.3, 0.7], 0.1, 0.0, 1.0).tolist() == [0, 0, 0, 1, 0, 0, 0, 1, 0, 0]


def test_an_incomplete_last_bin_is_left_out_with_its_spikes():
    assert spike_counts([0.1, 0.95], 0.3, 0.0, 1.0).tolist() == [1, 0, 0]
    assert spike_counts([0.1, 1.0], 0.5, 0.0, 1.0).tolist() == [1, 0]  # a spike at the end is in no bin


@given(st.lists(st.integers(0, 999), max_size=60), st.integers(1, 200))
def test_counts_are_those_of_integer_arithmetic(ticks, width):
    ticks.sort()
    bins = 1000 // width
    expected = np.bincount([t // width for t in ticks if t // width < bins], minlength=bins)
    assert spike_counts(np.array(ticks) / 1000, width / 1000, 0.0, 1.0).tolist() == expected.tolist()


@wrong_on_purpose
@pytest.mark.parametrize(
    ("times", "changed", "message"),
    [
        ([0.2, 0.1], {}, "must be in ascending order; 0.2 is before 0.1, at entry 0"),
        ([0.1, np.nan], {}, "must be finite; entry 1"),
        ([[0.1]], {}, "one-dimensional sequence of numbers; got shape"),
        (["a"], {}, "one-dimensional sequence of numbers; got entries of type"),
        ([0.1, 1.5], {}, r"1 of 2 are outside, the first at 1.5. Select the spikes of this window first"),
        ([120.0, 900.0], {}, "If the times are in milliseconds and the window is in seconds, divide the times by 1000"),
        ([0.1], {"bin_width": 5}, "`bin_width` must be at most the length of the recording or trial, 1; got 5. Use the same unit"),
        ([0.1], {"bin_width": 0}, "`bin_width` must be positive; got 0"),
        ([0.1], {"bin_width": "5 ms"}, "`bin_width` must be a finite number; got '5 ms'"),
        ([0.1], {"bin_width": 1e-9}, "at most 100,000,000 bins; got 1,000,000,000"),
        ([0.1], {"stop": -1.0}, r"`stop` must be later than `start` \(0\); got -1"),
        ([0.1], {"stop": np.nan}, "`stop` must be a finite number"),
        ([0.1], {"cap": 0}, "`cap` must be a whole number of at least 1, or None; got 0"),
        ([0.1], {"cap": 1.5}, "`cap` must be a whole number"),
    ],
)
def test_messages_about_times_and_bins(times, changed, message):
    with pytest.raises(RecordingError, match=message):
        spike_counts(times, **{"bin_width": 0.1, "start": 0.0, "stop": 1.0, "cap": None} | changed)


def test_counts_that_are_all_the_cap_cause_a_warning():
    # Widths in milliseconds with times in seconds, or the other way round, fill every bin.
    with pytest.warns(InfomorphicWarning, match="every bin of the spikes has at least 1 spikes"):
        spike_counts(np.arange(100) / 100, 0.5, 0.0, 1.0, cap=1)


def test_means_of_a_series():
    assert bin_means([1.0, 3.0, 5.0, 7.0], [0.0, 0.05, 0.1, 0.25], 0.1, 0.0, 0.3).tolist() == [2.0, 5.0, 7.0]


def test_a_bin_without_samples_holds_the_last_one_if_asked():
    values, times = [1.0, 3.0, 8.0], [0.0, 0.05, 0.35]
    with pytest.raises(RecordingError, match=r"must have a sample in every bin; 2 of 4 bins have none, the first at 0.1"):
        bin_means(values, times, 0.1, 0.0, 0.4)
    assert bin_means(values, times, 0.1, 0.0, 0.4, hold=True).tolist() == [2.0, 3.0, 3.0, 8.0]
    with pytest.raises(RecordingError, match="at or before the end of the first bin"):
        bin_means([1.0], [0.35], 0.1, 0.0, 0.4, hold=True)


def test_a_missing_sample_is_missing_in_its_bin_only():
    assert np.isnan(bin_means([1.0, np.nan, 5.0], [0.0, 0.1, 0.2], 0.1, 0.0, 0.3)).tolist() == [False, True, False]


def test_values_and_times_of_a_series_must_match():
    with pytest.raises(RecordingError, match="one value per time; got 2 values and 1 times"):
        bin_means([1.0, 2.0], [0.0], 0.1, 0.0, 0.1)
