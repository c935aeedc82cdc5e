"""The recordings in examples/recordings: what the files hold, and the tool that averages the sound."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from infomorphic.pid import discretize_samples
from loading import load_script

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT / "examples" / "recordings"


@pytest.fixture(scope="module")
def tool():
    return load_script("tools/recordings_excerpt.py")


@pytest.mark.parametrize(("number", "spikes"), [(1, 929), (2, 868)])
def test_spike_times_are_of_ten_seconds_in_microseconds(number, spikes):
    times = np.loadtxt(RECORDINGS / f"grasshopper-spikes-{number}.txt")
    assert len(times) == spikes
    assert 0 < times[0] < times[-1] < 10_000_000
    assert np.diff(times).min() > 3000  # the refractory time


def test_the_amplitude_has_a_row_per_millisecond():
    amplitude = pd.read_csv(RECORDINGS / "grasshopper-amplitude.csv")
    assert amplitude.shape == (10_000, 2)
    assert amplitude.min().min() > 0.01
    assert amplitude.max().max() <= 1


def test_the_fmri_series_have_a_row_per_sample():
    series = pd.read_csv(RECORDINGS / "fmri.csv")
    assert series.shape == (250, 31)
    assert not series.isna().any(axis=None)


def test_the_license_stands_beside_the_data():
    assert "NIPY Developers" in (RECORDINGS / "LICENSE.nitime").read_text(encoding="utf-8")


def test_the_tool_averages_over_each_millisecond(tool, tmp_path):
    values = np.repeat([1.0, 3.0], 20) + np.tile([-0.5, 0.5], 20)
    path = tmp_path / "stimulus.txt.gz"
    with gzip.open(path, "wt") as file:
        np.savetxt(file, np.column_stack([50 * np.arange(40), values]), fmt="%g")
    assert tool.amplitude(path) == pytest.approx([1.0, 3.0])


def test_the_tool_refuses_other_sampling_times(tool, tmp_path):
    path = tmp_path / "stimulus.txt.gz"
    with gzip.open(path, "wt") as file:
        np.savetxt(file, np.column_stack([np.arange(40), np.ones(40)]), fmt="%g")
    with pytest.raises(ValueError, match="every 50 µs"):
        tool.amplitude(path)


@pytest.fixture(scope="module")
def fmri():
    return load_script("benchmarks/recording_fmri.py")


def test_all_triplets_at_once_are_the_decompositions_of_each(fmri):
    codes = fmri.discretized(pd.read_csv(RECORDINGS / "fmri.csv").iloc[:, 3:8])
    triplets = fmri.Triplets(5)
    assert len(triplets.target) == 30
    rows = np.roll(np.arange(250), 17)
    for order in (None, rows):
        for i, of_triplet in enumerate(triplets.values(codes, order).T):
            target = codes[:, triplets.target[i]] if order is None else codes[order, triplets.target[i]]
            d = discretize_samples(codes[:, triplets.sources[i]], target).decompose()
            assert of_triplet == pytest.approx([d.atoms["{1}{2}"], d.atoms["{12}"], d.mutual_information["{12}"]], abs=1e-6)


def test_there_are_13485_triplets_of_31_series(fmri):
    triplets = fmri.Triplets(31)
    assert len(triplets.target) == 13_485
    assert not (triplets.sources == triplets.target[:, None]).any()


def test_surrogates_keep_all_correlations_and_nothing_else(fmri):
    series = pd.read_csv(RECORDINGS / "fmri.csv").to_numpy()[:, 3:9]
    made = fmri.surrogate(series, np.random.default_rng(0))
    assert np.corrcoef(made.T) == pytest.approx(np.corrcoef(series.T), abs=1e-9)
    centered = series - series.mean(axis=0)
    for lag in (1, 7):
        assert np.roll(made, lag, axis=0).T @ made == pytest.approx(np.roll(centered, lag, axis=0).T @ centered, abs=1e-6)
    assert np.abs(np.corrcoef(made[:, 0], series[:, 0])[0, 1]) < 0.5


def test_false_discovery_rate_of_benjamini_and_hochberg(fmri):
    assert fmri.benjamini_hochberg(np.array([0.04, 0.01, 0.03, 0.5])) == pytest.approx([0.16 / 3, 0.04, 0.16 / 3, 0.5])


def test_p_over_all_triplets_compares_with_the_largest_of_each_shift(fmri):
    null = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]])
    judged = fmri.judged(np.array([9.0, 0.5]), null)
    assert judged["p"].tolist() == [1 / 4, 3 / 4]
    assert judged["p_over_all"].tolist() == [1 / 4, 1.0]
