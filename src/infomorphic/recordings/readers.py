"""Recordings from neo, NWB files and pynapple. Each needs its package: `pip install "infomorphic[neo]"`, `[nwb]` or `[pynapple]`.

Times are converted to seconds. Units keep their names.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from infomorphic.errors import RecordingError, did_you_mean
from infomorphic.extras import missing
from infomorphic.quoting import quoted
from infomorphic.recordings.recording import Recording

if TYPE_CHECKING:
    import pandas as pd

_NAMES = ("unit_name", "name", "label")
"""Columns of a table of units that may name them."""


def from_neo(data: Any, bin_width: float, *, cap: int | None = None, epochs: str | None = None, signals: Sequence[str] = ()) -> Recording:
    """Spike counts of a neo `Segment` or `Block`.

    The segments of a block are its trials. A recording lasts from the latest start to the earliest end of the spike trains.

    Args:
        data: the segment or block. All segments must have spike trains of the same names.
        bin_width: width of the bins, in seconds.
        cap: the largest count; see `spike_counts`.
        epochs: the name of the `Epoch` whose epochs are the trials of a segment. Their labels become a variable of this name.
        signals: names of analog signals to add as variables, as means per bin.

    Raises:
        RecordingError: if there are no spike trains, names differ between segments, or something with a given name does not exist.
    """
    segments = list(data.segments) if hasattr(data, "segments") else [data]
    found = [_of_segment(segment, bin_width, cap, epochs, signals) for segment in segments]
    names = [recording.names for recording in found]
    if not found or any(these != names[0] for these in names):
        raise RecordingError(
            f"a block must have segments with the same variables; got {len(found)} segments. Name the spike trains of each segment alike, or pass one segment."
        )
    return found[0] if len(found) == 1 else _joined(found)


def from_nwb(
    file: Path | str | Any,
    bin_width: float,
    *,
    cap: int | None = None,
    start: float | None = None,
    stop: float | None = None,
    trial_columns: Sequence[str] = (),
    series: Sequence[str] = (),
) -> Recording:
    """Spike counts of the units of an NWB file.

    If the file has a table of trials, its trials are those of the recording, unless `start` and `stop` are given.

    Args:
        file: the path of the file, or an `NWBFile` that pynwb has read.
        bin_width: width of the bins, in seconds.
        cap: the largest count; see `spike_counts`.
        start: where the recording begins; by default with the first spike, if there are no trials.
        stop: where the recording ends; by default with the last spike, if there are no trials. Spikes outside are left out.
        trial_columns: columns of the table of trials to add as variables that are constant in each trial.
        series: names of one-dimensional time series to add as variables, as means per bin.

    Raises:
        RecordingError: if pynwb is not installed, the file has no units, or something with a given name does not exist.
    """
    if not isinstance(file, str | Path):
        return _of_nwb(file, bin_width, cap, start, stop, trial_columns, series)
    if problem := missing("this", "pynwb"):
        raise RecordingError(problem)
    pynwb: Any = importlib.import_module("pynwb")

    if not Path(file).is_file():
        raise RecordingError(f"there is no file {file}.")
    try:
        opened = pynwb.NWBHDF5IO(str(file), "r")
    except Exception as error:  # h5py and hdmf raise many types, which all mean the same to the user
        raise RecordingError(f"{file} cannot be read as an NWB file: {' '.join(str(error).split())[:300]}") from error
    with opened:
        return _of_nwb(opened.read(), bin_width, cap, start, stop, trial_columns, series)


def from_pynapple(group: Any, bin_width: float, *, cap: int | None = None, trials: Any = None) -> Recording:
    """Spike counts of a pynapple `TsGroup`.

    Args:
        group: the spike trains. A unit is named by its metadata (`unit_name`, `name` or `label`), otherwise `unit KEY`.
        bin_width: width of the bins, in seconds.
        cap: the largest count; see `spike_counts`.
        trials: an `IntervalSet` with one interval per trial; by default the time support of the group, whose intervals are trials if
            there are several.

    Raises:
        RecordingError: if there are no spike trains.
    """
    keys = list(group.keys())
    names = _unit_names(keys, group.metadata)
    trains = {name: np.asarray(group[key].t, dtype=np.float64) for name, key in zip(names, keys, strict=True)}
    support = group.time_support if trials is None else trials
    windows = np.stack([support.start, support.end], axis=1)
    if len(windows) == 1:
        return _in_window(trains, bin_width, cap, float(windows[0, 0]), float(windows[0, 1]))
    return Recording.from_spikes(trains, bin_width, trials=windows, cap=cap)


def _of_segment(segment: Any, bin_width: float, cap: int | None, epochs: str | None, signals: Sequence[str]) -> Recording:
    trains = list(segment.spiketrains)
    if not trains:
        raise RecordingError("a neo segment must have spike trains; this one has none.")
    names = [str(train.name) if train.name else f"unit {i}" for i, train in enumerate(trains)]
    spikes = {name: np.sort(train.rescale("s").magnitude) for name, train in zip(names, trains, strict=True)}
    if len(spikes) < len(names):
        raise RecordingError("the spike trains of a segment must have different names. Set the `name` of each.")
    if epochs is None:
        start = max(float(train.t_start.rescale("s")) for train in trains)
        stop = min(float(train.t_stop.rescale("s")) for train in trains)
        recording = _in_window(spikes, bin_width, cap, start, stop)
    else:
        epoch = _named(epochs, {str(e.name): e for e in segment.epochs}, "epochs")
        begin = epoch.times.rescale("s").magnitude
        recording = Recording.from_spikes(
            spikes, bin_width, trials=np.stack([begin, begin + epoch.durations.rescale("s").magnitude], 1), cap=cap
        )
        if len(epoch.labels) == len(begin):
            recording = recording.with_trial_values(epochs, [str(label) for label in epoch.labels])
    known = {str(signal.name): signal for signal in segment.analogsignals}
    for name in signals:
        signal = _named(name, known, "signals")
        channels = signal.magnitude.reshape(len(signal), -1).T
        times = signal.times.rescale("s").magnitude
        for i, channel in enumerate(channels):
            recording = recording.with_series(name if len(channels) == 1 else f"{name} {i}", channel, times)
    return recording


def _of_nwb(
    nwb: Any,
    bin_width: float,
    cap: int | None,
    start: float | None,
    stop: float | None,
    trial_columns: Sequence[str],
    series: Sequence[str],
) -> Recording:
    if nwb.units is None or not len(nwb.units):
        raise RecordingError("an NWB file must have a table of units with spike times; this one has none.")
    units: pd.DataFrame = nwb.units.to_dataframe()
    names = _unit_names(list(units.index), units)
    trains = {name: np.asarray(times, dtype=np.float64) for name, times in zip(names, units["spike_times"], strict=True)}
    table = None if nwb.trials is None else nwb.trials.to_dataframe()
    if table is not None and start is None and stop is None:
        recording = Recording.from_spikes(trains, bin_width, trials=table[["start_time", "stop_time"]].to_numpy(), cap=cap)
        for name in trial_columns:
            recording = recording.with_trial_values(name, list(_named(name, {str(c): table[c] for c in table.columns}, "trial_columns")))
    else:
        if len(trial_columns):
            raise RecordingError("`trial_columns` must come with the trials of the file: leave out `start` and `stop`, or the columns.")
        first = min((t[0] for t in trains.values() if len(t)), default=0.0) if start is None else start
        last = max((t[-1] for t in trains.values() if len(t)), default=0.0) if stop is None else stop
        recording = _in_window(trains, bin_width, cap, float(first), float(last))
    known = {str(o.name): o for o in nwb.objects.values() if hasattr(o, "timestamps") and hasattr(o, "starting_time")}
    for name in series:
        found = _named(name, known, "series")
        values = np.asarray(found.data[:], dtype=np.float64)
        at = found.starting_time + np.arange(len(values)) / found.rate if found.timestamps is None else np.asarray(found.timestamps[:])
        recording = recording.with_series(name, values, at)
    return recording


def _in_window(trains: Mapping[str, np.ndarray], bin_width: float, cap: int | None, start: float, stop: float) -> Recording:
    """A recording of the spikes from `start` to `stop`, without trials."""
    inside = {name: times[(times >= start) & (times <= stop)] for name, times in trains.items()}
    return Recording.from_spikes(inside, bin_width, start=start, stop=stop, cap=cap)


def _joined(recordings: Sequence[Recording]) -> Recording:
    """Recordings of the same variables one after the other, the trials of each apart."""
    import pandas as pd

    numbers, before = [], 0
    for recording in recordings:
        own = np.zeros(recording.num_bins, dtype=np.int64) if recording.trials is None else recording.trials
        numbers.append(own + before)
        before += recording.num_trials
    starts = [recording.starts for recording in recordings if recording.starts is not None]
    return replace(
        recordings[0],
        frame=pd.concat([recording.frame for recording in recordings], ignore_index=True),
        trials=np.concatenate(numbers),
        starts=np.concatenate(starts),
    )


def _unit_names(keys: Sequence[Any], table: pd.DataFrame) -> list[str]:
    """The names of units by the first column that names each of them differently, otherwise by their keys."""
    for column in _NAMES:
        if column in table.columns and table[column].astype(str).is_unique:
            return [str(name) for name in table[column]]
    return [f"unit {key}" for key in keys]


def _named(name: str, known: Mapping[str, Any], what: str) -> Any:
    if name not in known:
        listed = ", ".join(list(known)[:20]) or "none"
        raise RecordingError(f"`{what}` must name what is in the recording ({listed}); got {quoted(name)}.{did_you_mean(name, known)}")
    return known[name]
