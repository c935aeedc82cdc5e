"""All combinations in one batch: values, nulls and the frame."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from infomorphic.errors import InfomorphicError, InvalidSamplesError
from infomorphic.estimation import decompose_table
from infomorphic.pid import Edges, EqualMass, UndersampledWarning
from infomorphic.recordings import Recording, decompose_pairs
from infomorphic.statistics import PermuteSource, PermuteTarget, PermuteWithin, Shift
from shape_checking import wrong_on_purpose


def series(length=600, seed=0):
    """Four variables of different types; `d` follows `a` and `b` one bin later."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=(3, length))
    d = (np.roll(a, 1) * np.roll(b, 1) > 0).astype(int)
    return pd.DataFrame({"a": a, "b": b, "c": rng.integers(0, 4, length), "d": d, "e": np.where(c > 0, "up", "down")})


@pytest.mark.filterwarnings("ignore::infomorphic.pid.UndersampledWarning")
@pytest.mark.parametrize(("num_sources", "history", "lags"), [(1, 0, (0,)), (1, 2, (0, 1)), (2, 0, (1,)), (2, 1, (2, 0)), (3, 0, (1,))])
def test_every_value_is_that_of_a_single_table(num_sources, history, lags):
    frame = series(300).assign(trial=np.repeat([0, 1, 2], 100))
    recording = Recording.from_frame(frame, trial="trial")
    found = decompose_pairs(recording, num_sources=num_sources, history=history, lags=lags, bins=3)
    names = recording.names
    assert len(found.frame) == 5 * len(list(combinations(range(4), num_sources))) * len(lags) * len(found.labels)
    binned = recording.discretized(3)
    past = max(history, *lags)
    rows = found.frame.groupby(["target", *(f"source_{k + 1}" for k in range(num_sources)), "lag"], observed=True)
    for (target, *sources, lag), group in list(rows)[::3]:
        design = binned.design(target, sources, [lag], history)
        # The rows of the batch are those of the largest lag.
        late = design.frame.groupby("trial").cumcount() >= past - max(history, lag)
        d = decompose_table(design.frame[late], design.target, design.sources)
        expected = {**{label: d.atoms[label] for label in d.atoms}, **{f"I{s}": d.mutual_information[s] for s in d.mutual_information}}
        values = dict(zip(group["label"], group["bits"], strict=True))
        assert values == pytest.approx({k: float(v) for k, v in expected.items()}, abs=1e-12)
        assert found.observations == d.estimate.observations
    assert names == ["a", "b", "c", "d", "e"]


def test_the_planted_synergy_is_found_at_its_lag():
    found = decompose_pairs(
        series(), targets=["d"], num_sources=2, lags=[0, 1], bins=Edges((-np.inf, 0.0, np.inf)), test=99, null=PermuteTarget()
    )
    frame = found.frame[found.frame["label"] == "I{12}"]
    best = frame.loc[frame["bits"].idxmax()]
    assert (best["source_1"], best["source_2"], best["lag"]) == ("a", "b", 1)
    assert best["p"] == 0.01
    assert best["bits"] > 0.98
    assert best["null_low"] <= best["null_mean"] <= best["null_high"] < 0.1


def test_columns_types_and_labels():
    found = decompose_pairs(series(2000), ["d", "c"], ["a"], lags=[1], history=2, bins=2, test=19, adjust=True)
    assert list(found.frame.columns) == [
        *("target", "source_1", "source_2", "lag", "history", "label"),
        *("bits", "null_mean", "null_low", "null_high", "p", "p_holm"),
    ]
    assert found.frame["source_2"].astype(str).unique().tolist() == ["d[t-1]+d[t-2]", "c[t-1]+c[t-2]"]
    assert found.labels == ["{1}{2}", "{1}", "{2}", "{12}", "I{1}", "I{2}", "I{12}"]
    assert found.frame["label"].astype(str).tolist() == found.labels * 2
    # The target moves together with its past, so the information of the past alone is not tested.
    of_past = found.frame[found.frame["label"] == "I{2}"]
    assert of_past[["null_mean", "p", "p_holm"]].isna().all(axis=None)
    tested = found.frame[found.frame["label"] != "I{2}"]
    assert ((tested["p"] >= 1 / 20) & (tested["p"] <= 1)).all()
    assert (tested["p_holm"] >= tested["p"]).all()


def test_a_null_keeps_the_information_of_the_past():
    rng = np.random.default_rng(0)
    walk = np.cumsum(rng.integers(0, 2, 800)) % 4
    found = decompose_pairs(pd.DataFrame({"x": walk, "noise": rng.integers(0, 2, 800)}), ["x"], ["noise"], lags=[1], history=1, test=99)
    values = found.frame.set_index("label")
    # If the past were torn from the target, the null of all sources would lose the bit that the past provides.
    assert values.loc["I{12}", "null_mean"] > 0.9
    assert values.loc["I{12}", "p"] > 0.02


def test_the_same_seed_gives_the_same_result_and_batches_do_not_matter(monkeypatch):
    first = decompose_pairs(series(), num_sources=2, bins=2, test=30, seed=3)
    monkeypatch.setattr("infomorphic.recordings.batch._MOST_NUMBERS", 2000)
    monkeypatch.setattr("infomorphic.recordings.combinations._MOST_NULL_VALUES", 500)
    again = decompose_pairs(series(), num_sources=2, bins=2, test=30, seed=3)
    pd.testing.assert_frame_equal(first.frame, again.frame, rtol=0, atol=1e-12)
    other = decompose_pairs(series(), num_sources=2, bins=2, test=30, seed=4)
    assert not np.allclose(first.frame["null_mean"], other.frame["null_mean"])


def test_p_of_independent_series_are_valid_with_the_default_null():
    # Slow series: permuting single rows finds dependence that is not there, shifting them does not.
    rng = np.random.default_rng(1)
    noise = rng.normal(size=(24, 430))
    smooth = np.stack([np.convolve(x, np.ones(30), mode="valid") for x in noise])
    frame = pd.DataFrame(smooth.T, columns=[f"x{i}" for i in range(24)])

    def false_alarms(null):
        found = decompose_pairs(frame, bins=EqualMass(2), test=99, null=null).frame
        return (found[found["label"] == "I{1}"]["p"] <= 0.05).mean()

    assert false_alarms(None) < 0.1
    assert false_alarms(PermuteTarget()) > 0.3


def test_missing_values_are_errors_or_left_out_with_their_future():
    frame = pd.DataFrame({"x": [0, 1, 0, 1] * 20, "y": [0.0, 1, 1, 0] * 20})
    frame.loc[10, "y"] = np.nan
    with pytest.raises(InvalidSamplesError, match="1 rows have missing values, in y; the first in row 10"):
        decompose_pairs(frame, lags=[1])
    assert decompose_pairs(frame, lags=[1], missing="drop").observations == 79 - 2
    assert decompose_pairs(frame, targets="x", sources="y", lags=[0], missing="drop").observations == 79


def test_strata_follow_the_rows_that_are_used():
    frame = series(200)
    strata = np.repeat([0, 1], 100)
    found = decompose_pairs(frame, "d", "c", lags=[1], test=20, null=PermuteWithin(strata))
    assert found.observations == 199
    assert str(found.null) == "the target is permuted within strata"


def test_few_observations_per_cell_cause_one_warning():
    with pytest.warns(UndersampledWarning, match=r"12 of 12 combinations have fewer than ten of the 40 observations"):
        decompose_pairs(series(40)[["a", "b", "c", "d"]], bins=6)


def test_progress_reaches_the_total():
    reports = []
    decompose_pairs(series(), bins=2, lags=[0, 1], progress=lambda *report: reports.append(report))
    assert reports[-1] == ("decomposing about e", 40, 40)
    assert [done for _, done, _ in reports] == sorted(done for _, done, _ in reports)


@wrong_on_purpose
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"targets": "x"}, "no variable 'x'"),
        ({"sources": ["a", "a"]}, "named once; 'a' is named twice"),
        ({"num_sources": 4}, "`num_sources` must be from 1 to 3; got 4"),
        ({"targets": "a", "sources": "a"}, "each combination must have 1 sources and another target"),
        ({"lags": [-1]}, "`lags` must be whole numbers"),
        ({"lags": [600]}, "longer than the largest lag or history, 600 bins"),
        ({"history": -1}, "`history` must be whole numbers"),
        ({"test": -1}, "`test` must be a number of permutations"),
        ({"seed": -1}, "`seed` must be a whole number"),
        ({"bins": None}, "a is continuous"),
        ({"bins": {"z": 2}}, "`bins` must name"),
        ({"missing": "keep"}, '`missing` must be "error" or "drop"'),
        ({"test": 5, "null": PermuteSource(0)}, "`null` must permute the target"),
        ({"test": 5, "null": Shift(np.zeros(3))}, "`trials` must have one entry per row"),
        ({"measure": "xs"}, "xs"),
        ({"measure": "broja", "num_sources": 3}, "at most 2 sources"),
    ],
)
def test_messages(changed, message):
    with pytest.raises(InfomorphicError, match=message):
        decompose_pairs(series(), **{"bins": 2} | changed)


def test_names_of_columns_may_be_numbers():
    found = decompose_pairs(pd.DataFrame({0: [0, 1] * 50, 1: [0, 1] * 50}))
    assert found.targets == ("0", "1")
    assert found.frame["bits"].tolist() == pytest.approx([1.0] * 4)
