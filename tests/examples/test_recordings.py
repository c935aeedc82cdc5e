"""The recordings in examples/recordings: what the files hold, and the tool that averages the sound."""

import gzip
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT / "examples" / "recordings"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("recordings_excerpt", ROOT / "tools" / "recordings_excerpt.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
