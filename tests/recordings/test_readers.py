"""Recordings from files and objects of neo, pynwb and pynapple, which these packages wrote themselves."""

import datetime
import importlib.util

import numpy as np
import pytest

from infomorphic.errors import RecordingError
from infomorphic.recordings import Recording, from_neo, from_nwb, from_pynapple, spike_counts

# These packages and theirs give warnings of their own.
pytestmark = pytest.mark.filterwarnings("ignore")

TRAINS = {"left": np.array([0.05, 0.15, 0.16, 1.05, 1.95]), "right": np.array([0.33, 1.22, 1.71])}


def needs(package):
    return pytest.mark.skipif(importlib.util.find_spec(package) is None, reason=f"{package} is not installed")


def counts(recording, name):
    return recording.frame[name].tolist()


def segment(shift=0.0, name=None):
    import neo
    import quantities as pq

    found = neo.Segment(name=name)
    for unit, times in TRAINS.items():
        # Neo keeps units: these times are in milliseconds.
        found.spiketrains.append(neo.SpikeTrain((times + shift) * 1000 * pq.ms, t_start=shift * pq.s, t_stop=(2 + shift) * pq.s, name=unit))
    signal = np.arange(200)[:, None] * pq.mV
    found.analogsignals.append(neo.AnalogSignal(signal, sampling_rate=100 * pq.Hz, t_start=shift * pq.s, name="speed"))
    found.epochs.append(neo.Epoch([0.0, 1.0] * pq.s, durations=[0.5, 0.5] * pq.s, labels=["go", "stop"], name="cue"))
    return found


@needs("neo")
def test_neo_segment_from_a_file(tmp_path):
    import neo

    block = neo.Block()
    block.segments.append(segment())
    path = tmp_path / "block.pkl"
    neo.io.PickleIO(str(path)).write_block(block)
    recording = from_neo(neo.io.PickleIO(str(path)).read_block(), 0.1, signals=["speed"])
    assert recording.names == ["left", "right", "speed"]
    for unit, times in TRAINS.items():
        assert counts(recording, unit) == spike_counts(times, 0.1, 0.0, 2.0).tolist()
    assert counts(recording, "speed") == pytest.approx(np.arange(20) * 10 + 4.5)


@needs("neo")
def test_neo_epochs_are_trials():
    recording = from_neo(segment(), 0.1, epochs="cue", cap=1)
    assert recording.num_trials == 2
    assert counts(recording, "left") == [1, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    assert counts(recording, "cue") == ["go"] * 5 + ["stop"] * 5
    with pytest.raises(RecordingError, match=r"`epochs` must name what is in the recording \(cue\); got 'cues'. Did you mean 'cue'"):
        from_neo(segment(), 0.1, epochs="cues")


@needs("neo")
def test_neo_segments_of_a_block_are_trials():
    import neo

    block = neo.Block()
    # Every segment of this recording has a clock of its own.
    block.segments.extend([segment(), segment(shift=5.0)])
    recording = from_neo(block, 0.5)
    assert recording.num_trials == 2
    assert counts(recording, "left") == spike_counts(TRAINS["left"], 0.5, 0.0, 2.0).tolist() * 2
    assert len(recording.design("left", ["right"], lags=[1]).frame) == 6
    block.segments[1].spiketrains[0].name = "other"
    with pytest.raises(RecordingError, match="segments with the same variables"):
        from_neo(block, 0.5)
    with pytest.raises(RecordingError, match="must have spike trains; this one has none"):
        from_neo(neo.Segment(), 0.5)


def nwb_file(path, *, trials=True, names=True):
    import pynwb

    nwb = pynwb.NWBFile("a test", "one", datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    if names:
        nwb.add_unit_column("unit_name", "name of the unit")
    for unit, times in TRAINS.items():
        nwb.add_unit(spike_times=times, **({"unit_name": unit} if names else {}))
    if trials:
        nwb.add_trial_column("side", "where the light was")
        nwb.add_trial(start_time=0.0, stop_time=0.5, side="left")
        nwb.add_trial(start_time=1.0, stop_time=1.5, side="right")
    nwb.add_acquisition(pynwb.TimeSeries(name="speed", data=np.arange(200.0), unit="m/s", rate=100.0, starting_time=0.0))
    module = nwb.create_processing_module("behavior", "behavior")
    module.add(pynwb.TimeSeries(name="pupil", data=np.arange(40.0), unit="mm", timestamps=np.arange(40) * 0.05))
    with pynwb.NWBHDF5IO(str(path), "w") as io:
        io.write(nwb)
    return path


@needs("pynwb")
def test_nwb_file_with_trials(tmp_path):
    path = nwb_file(tmp_path / "one.nwb")
    recording = from_nwb(path, 0.1, trial_columns=["side"], series=["speed", "pupil"])
    assert recording.names == ["left", "right", "side", "speed", "pupil"]
    assert recording.num_trials == 2
    assert counts(recording, "left") == [1, 2, 0, 0, 0, 1, 0, 0, 0, 0]
    assert counts(recording, "side") == ["left"] * 5 + ["right"] * 5
    assert counts(recording, "speed")[5:] == pytest.approx(np.arange(10, 15) * 10 + 4.5)
    assert counts(recording, "pupil")[0] == pytest.approx(0.5)
    whole = from_nwb(path, 0.1, start=0.0, stop=2.0)
    assert whole.num_trials == 1
    assert counts(whole, "right") == spike_counts(TRAINS["right"], 0.1, 0.0, 2.0).tolist()
    with pytest.raises(RecordingError, match=r"`series` must name .*got 'sped'. Did you mean 'speed'"):
        from_nwb(path, 0.1, series=["sped"])
    with pytest.raises(RecordingError, match="`trial_columns` must come with the trials"):
        from_nwb(path, 0.1, start=0.0, stop=2.0, trial_columns=["side"])


@needs("pynwb")
def test_nwb_file_without_trials_and_names(tmp_path):
    recording = from_nwb(nwb_file(tmp_path / "two.nwb", trials=False, names=False), 0.1)
    assert recording.names == ["unit 0", "unit 1"]
    assert recording.num_bins == 19  # from the first to the last spike
    assert recording.num_trials == 1


@needs("pynwb")
def test_files_that_are_no_nwb(tmp_path):
    import pynwb

    with pytest.raises(RecordingError, match="there is no file"):
        from_nwb(tmp_path / "absent.nwb", 0.1)
    (tmp_path / "text.nwb").write_text("no HDF5")
    with pytest.raises(RecordingError, match="cannot be read as an NWB file"):
        from_nwb(tmp_path / "text.nwb", 0.1)
    empty = pynwb.NWBFile("a test", "none", datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    with pytest.raises(RecordingError, match="must have a table of units"):
        from_nwb(empty, 0.1)


@needs("pynapple")
def test_pynapple_group_from_a_file(tmp_path):
    import pynapple as nap

    support = nap.IntervalSet(0.0, 2.0)
    group = nap.TsGroup({3: nap.Ts(TRAINS["left"]), 7: nap.Ts(TRAINS["right"])}, time_support=support)
    group.save(str(tmp_path / "group.npz"))
    recording = from_pynapple(nap.load_file(str(tmp_path / "group.npz")), 0.1)
    assert recording.names == ["unit 3", "unit 7"]
    assert counts(recording, "unit 3") == spike_counts(TRAINS["left"], 0.1, 0.0, 2.0).tolist()
    group.set_info(label=["left", "right"])
    assert from_pynapple(group, 0.1).names == ["left", "right"]


@needs("pynapple")
def test_pynapple_intervals_are_trials():
    import pynapple as nap

    trials = nap.IntervalSet([0.0, 1.0], [0.5, 1.5])
    group = nap.TsGroup({0: nap.Ts(TRAINS["left"]), 1: nap.Ts(TRAINS["right"])}, time_support=nap.IntervalSet(0.0, 2.0))
    recording = from_pynapple(group, 0.1, trials=trials)
    assert recording.num_trials == 2
    assert counts(recording, "unit 0") == [1, 2, 0, 0, 0, 1, 0, 0, 0, 0]
    # The intervals of a group that was restricted are its trials.
    restricted = from_pynapple(group.restrict(trials), 0.1)
    assert restricted.frame.equals(recording.frame)


def test_a_package_that_is_not_installed(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pynwb", None)
    with pytest.raises(
        RecordingError, match=r"needs the package pynwb, which is not installed. Install it: pip install 'infomorphic\[nwb\]'"
    ):
        from_nwb("one.nwb", 0.1)


def test_plain_arrays_need_no_package():
    assert Recording.from_spikes(TRAINS, 0.1, start=0.0, stop=2.0).names == ["left", "right"]
