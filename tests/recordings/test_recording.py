"""Recordings: trials, lags and history, and the columns for a decomposition."""

import numpy as np
import pandas as pd
import pytest

from infomorphic.errors import InvalidSamplesError, RecordingError
from infomorphic.estimation import decompose_table
from infomorphic.recordings import Recording
from shape_checking import wrong_on_purpose

FRAME = pd.DataFrame({"a": [0, 1, 2, 3, 4, 5], "b": [10, 11, 12, 13, 14, 15]})


def test_lags_and_history_look_back_in_time():
    design = Recording.from_frame(FRAME).design("b", ["a"], lags=[0, 2], history=1)
    assert (design.target, design.sources) == ("b[t]", ["a[t]", "a[t-2]", "b[t-1]"])
    assert design.frame.to_dict("list") == {
        "b[t]": [12, 13, 14, 15],
        "a[t]": [2, 3, 4, 5],
        "a[t-2]": [0, 1, 2, 3],
        "b[t-1]": [11, 12, 13, 14],
    }


def test_no_lag_or_history_reaches_across_a_trial():
    frame = FRAME.assign(session=["x", "x", "x", "y", "y", "z"])
    recording = Recording.from_frame(frame, trial="session")
    assert recording.num_trials == 3
    assert recording.names == ["a", "b"]
    design = recording.design("b", ["a"], lags=[1])
    assert design.frame.to_dict("list") == {"b[t]": [11, 12, 14], "a[t-1]": [0, 1, 3], "trial": [0, 0, 1]}
    assert recording.design("b", [], history=2).frame["b[t-2]"].tolist() == [10]
    with pytest.raises(RecordingError, match="longer than the largest lag or history, 3 bins; the longest has 3"):
        recording.design("b", ["a"], lags=[3])


def test_lags_of_each_source():
    recording = Recording.from_frame(FRAME.assign(c=0))
    assert recording.design("b", ["a", "c"], lags={"a": [1, 2], "c": [0]}).sources == ["a[t-1]", "a[t-2]", "c[t]"]
    with pytest.raises(RecordingError, match="`lags` must have an entry for every source; got none for 'c'"):
        recording.design("b", ["a", "c"], lags={"a": [1]})


def test_a_design_is_what_decompose_table_takes():
    rng = np.random.default_rng(0)
    a = rng.integers(0, 2, 2000)
    # b copies a one bin later: all of its entropy is the information of a's last bin.
    recording = Recording.from_frame(pd.DataFrame({"a": a, "b": np.roll(a, 1)}))
    d = decompose_table(*recording.design("b", ["a"], lags=[1]))
    assert float(d.atoms["{1}"]) == pytest.approx(float(d.target_entropy), abs=1e-12)
    joint = decompose_table(*recording.design("b", ["a"], lags=[1], history=2))
    assert joint.num_sources == 2
    assert float(joint.residual_entropy) == pytest.approx(0, abs=1e-12)


def test_spikes_of_several_units_in_trials():
    trains = {"one": [0.05, 0.15, 0.16, 1.05, 9.0], "two": []}
    recording = Recording.from_spikes(trains, 0.1, trials=[(0.0, 0.25), (1.0, 1.3)], cap=1)
    assert recording.frame["one"].tolist() == [1, 1, 1, 0, 0]
    assert recording.frame["two"].tolist() == [0] * 5
    assert recording.trials is not None
    assert recording.trials.tolist() == [0, 0, 1, 1, 1]
    assert recording.starts == pytest.approx([0.0, 0.1, 1.0, 1.1, 1.2])


def test_behavior_and_conditions_beside_spikes():
    recording = Recording.from_spikes({"one": [0.05]}, 0.1, trials=[(0.0, 0.2), (1.0, 1.2)])
    times = np.arange(40) * 0.05
    with_both = recording.with_series("speed", times, times).with_trial_values("side", ["left", "right"])
    assert with_both.frame["speed"].tolist() == pytest.approx([0.025, 0.125, 1.025, 1.125])
    assert with_both.frame["side"].tolist() == ["left", "left", "right", "right"]
    assert recording.names == ["one"]  # unchanged


def test_bins_are_the_same_at_every_lag():
    recording = Recording.from_frame(pd.DataFrame({"x": [0.1, 5.0, 9.9, 0.2, None], "y": ["u", "v", "u", "v", "u"]})).discretized(2)
    assert recording.frame["x"].tolist()[:4] == [0, 1, 1, 0]
    assert recording.frame["x"].isna().tolist() == [False] * 4 + [True]
    assert recording.frame["y"].tolist() == [0, 1, 0, 1, 0]
    assert [str(b) for b in recording.binning] == [
        "x: 2 bins of equal width over the range of the data (0.1, 9.9), 2 values",
        "y: categories, 2 values",
    ]


def test_real_numbers_need_bins():
    with pytest.raises(InvalidSamplesError, match="x is continuous"):
        Recording.from_frame(pd.DataFrame({"x": [0.1, 0.2]})).discretized()


def _in_trials(trial):
    return Recording.from_frame(FRAME.assign(trial=trial), trial="trial")


@wrong_on_purpose
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: _in_trials([1, 1, 2, 2, 1, 1]), r"rows of a trial must be consecutive; trial .*1.* begins again in row 4"),
        (lambda: _in_trials([1, 1, None, 2, 2, 2]), "must have no missing entries; row 2"),
        (lambda: Recording.from_frame(FRAME, trial="trail"), "`trial` must name a column; got 'trail'"),
        (lambda: Recording.from_frame(FRAME[[]]), "at least one variable and one time bin"),
        (lambda: Recording.from_spikes({}, 0.1, start=0.0, stop=1.0), "at least one unit"),
        (lambda: Recording.from_spikes({"u": [0.1]}, 0.1), "`start` and `stop` must be given, or `trials`"),
        (lambda: Recording.from_spikes({"u": [0.1]}, 0.1, start=0.0, trials=[(0, 1)]), "`trials` must come without `start`"),
        (lambda: Recording.from_spikes({"u": [2.0]}, 0.1, start=0.0, stop=1.0), "unit 'u': `times` must be from `start`"),
        (lambda: Recording.from_spikes({"u": [0.2, 0.1]}, 0.1, trials=[(0, 1)]), "the spike times of unit 'u' must be in ascending order"),
        (
            lambda: Recording.from_spikes({"u": [500.0]}, 0.1, trials=[(0, 1)]),
            "some spikes must be in a trial; none is. The trials are from 0 to 1",
        ),
        (lambda: Recording.from_spikes({"u": [0.1]}, 0.1, trials=[(0, 1), (0.5, 2)]), "must not overlap; trial 1 begins at 0.5"),
        (lambda: Recording.from_spikes({"u": [0.1]}, 0.1, trials=[(1, 0)]), "start of each trial must be before its stop"),
        (lambda: Recording.from_spikes({"u": [0.1]}, 0.1, trials=[0, 1]), r"shape \(trials, 2\)"),
        (lambda: Recording.from_frame(FRAME).with_series("s", [1.0], [0.0]), "a recording from a table lacks"),
        (lambda: Recording.from_frame(FRAME).with_trial_values("s", [1, 2]), r"one value per trial \(1\); got 2"),
        (lambda: Recording.from_frame(FRAME).with_trial_values("a", [1]), "already a variable 'a'"),
        (lambda: Recording.from_frame(FRAME).design("aa", ["b"]), "no variable 'aa'; it has a, b"),
        (lambda: Recording.from_frame(FRAME).design("a", ["a"], lags=[1]), "Use `history` for the target's own past"),
        (lambda: Recording.from_frame(FRAME).design("a", ["b", "b"]), "each source must be named once; 'b'"),
        (lambda: Recording.from_frame(FRAME).design("a", []), "at least one source"),
        (lambda: Recording.from_frame(FRAME).design("a", ["b"], lags=[-1]), "`lags` must be whole numbers of bins of at least 0; got -1"),
        (lambda: Recording.from_frame(FRAME).design("a", ["b"], lags=[1, 1]), "each given once"),
        (lambda: Recording.from_frame(FRAME).design("a", ["b"], history=0.5), "`history` must be whole numbers of bins"),
        (lambda: Recording.from_frame(FRAME.rename(columns={"a": "a+"})).design("a+", ["b"], history=2), "a name without +"),
        (lambda: Recording.from_frame(FRAME[["a"]].assign(x=np.nan)).discretized(), "variable 'x' must have values; all are missing"),
        (lambda: Recording(FRAME, trials=np.zeros(3, dtype=np.int64)), r"one entry per time bin \(6\); got 3"),
    ],
)
def test_messages(make, message):
    with pytest.raises(RecordingError, match=message):
        make()
