"""`Recording`: named variables in time bins, with trials; and its columns for a decomposition, with lags and history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from jaxtyping import Float64, Int64

from infomorphic.errors import RecordingError, did_you_mean
from infomorphic.estimation.frames import as_frame
from infomorphic.estimation.tables import bins_by_column
from infomorphic.pid.discretization import Bins, discretize
from infomorphic.pid.provenance import Binning
from infomorphic.pid.variables import settled
from infomorphic.quoting import quoted
from infomorphic.recordings.bins import spike_counts
from infomorphic.recordings.lags import at, check_target, checked_history, checked_lags, history_name
from infomorphic.recordings.placing import bin_starts, checked_cap, checked_times, counts_in, means_in
from infomorphic.recordings.trials import checked_windows, trial_numbers

if TYPE_CHECKING:
    import pandas as pd

TRIAL = "trial"
"""The name of the column of trials in a design."""


class Design(NamedTuple):
    """Columns for a decomposition: `decompose_table(*design)` decomposes them."""

    frame: pd.DataFrame
    """One row per time bin that has all its past bins. `x[t-2]` is variable `x` two bins before the target's bin `t`."""
    target: str
    """The name of the target's column."""
    sources: list[str]
    """The names of the sources. A history of several bins is one joint source, `x[t-1]+x[t-2]`."""


@dataclass(frozen=True, eq=False)
class Recording:
    """Named variables over time bins.

    Make one with `from_frame`, `from_spikes` or a reader, and add variables with `with_series` and `with_trial_values`.

    Example:
        >>> recording = Recording.from_spikes({"a": [0.05, 0.31], "b": [0.12, 0.42]}, bin_width=0.1, start=0.0, stop=0.5)
        >>> design = recording.design("b", ["a"], lags=[1], history=1)
        >>> design.target, design.sources
        ('b[t]', ['a[t-1]', 'b[t-1]'])
        >>> design.frame["a[t-1]"].tolist()
        [1, 0, 0, 1]
    """

    frame: pd.DataFrame
    """One row per time bin, one column per variable."""
    trials: Int64[np.ndarray, " bins"] | None = None
    """The number of the trial of each bin, counted from 0; None if there is only one. Bins of a trial are consecutive."""
    starts: Float64[np.ndarray, " bins"] | None = None
    """Where each bin begins, if this is known."""
    bin_width: float | None = None
    """The width of the bins, if this is known."""
    binning: tuple[Binning, ...] = ()
    """How each variable was discretized, after `discretized`."""

    def __post_init__(self) -> None:
        names = [str(name) for name in self.frame.columns]
        if not names or not len(self.frame):
            raise RecordingError(f"a recording must have at least one variable and one time bin; got {len(names)} and {len(self.frame)}.")
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise RecordingError(f"the variables of a recording must have different names; {quoted(twice[0])} occurs twice. Rename one.")
        for what, column in (("`trials`", self.trials), ("`starts`", self.starts)):
            if column is not None and len(column) != len(self.frame):
                raise RecordingError(f"{what} must have one entry per time bin ({len(self.frame)}); got {len(column)}.")

    @property
    def names(self) -> list[str]:
        """The names of the variables."""
        return [str(name) for name in self.frame.columns]

    @property
    def num_bins(self) -> int:
        """The number of time bins."""
        return len(self.frame)

    @property
    def num_trials(self) -> int:
        """The number of trials."""
        return 1 if self.trials is None else int(self.trials[-1]) + 1

    @classmethod
    def from_frame(cls, table: Any, *, trial: Any = None, bin_width: float | None = None) -> Recording:
        """A recording whose time bins are the rows of a table, in order.

        Args:
            table: one row per time bin, one column per variable: any table that `infomorphic.estimation.decompose_table` takes.
            trial: the name of the column that names the trial of each row. The rows of a trial must be consecutive.
            bin_width: the time between rows, if it is known.

        Raises:
            RecordingError: if there is no such column, or rows of a trial are not consecutive.
            TableError: if the table has another type.
        """
        import pandas as pd

        frame = as_frame(table)
        frame = frame.set_axis([str(name) for name in frame.columns], axis=1).reset_index(drop=True)
        if trial is None:
            return cls(frame, bin_width=bin_width)
        if str(trial) not in frame.columns:
            names = list(frame.columns)
            raise RecordingError(f"`trial` must name a column; got {quoted(trial)}.{did_you_mean(str(trial), names)}")
        return cls(frame.drop(columns=[str(trial)]), trial_numbers(pd.Series(frame[str(trial)])), bin_width=bin_width)

    @classmethod
    def from_spikes(
        cls,
        trains: Mapping[str, Any],
        bin_width: float,
        *,
        start: float | None = None,
        stop: float | None = None,
        trials: Any = None,
        cap: int | None = None,
    ) -> Recording:
        """Spike counts of several units.

        Args:
            trains: the spike times of each unit by its name, in ascending order.
            bin_width: width of the bins, in the unit of the times.
            start: where the recording begins, without `trials`.
            stop: where the recording ends, without `trials`.
            trials: where each trial begins and ends, shape (trials, 2), in ascending order and without overlap. The first bin of a trial
                begins with the trial. Spikes outside trials are left out.
            cap: the largest count; see `spike_counts`.

        Raises:
            RecordingError: as for `spike_counts`; or if trials overlap, or no spike is in a trial.
        """
        import pandas as pd

        if not isinstance(trains, Mapping) or not trains:
            raise RecordingError("`trains` must map names of units to their spike times, and have at least one unit.")
        if trials is not None and (start is not None or stop is not None):
            raise RecordingError("`trials` must come without `start` and `stop`: each trial has its own. Leave out one of them.")
        if trials is None:
            if start is None or stop is None:
                raise RecordingError(
                    "`start` and `stop` must be given, or `trials`: the spikes do not say when the recording began and ended."
                )
            counts = {}
            for name, times in trains.items():
                try:
                    counts[str(name)] = spike_counts(times, bin_width, start, stop, cap)
                except RecordingError as error:
                    raise RecordingError(f"unit {quoted(name)}: {error}") from error
            return cls(pd.DataFrame(counts), starts=bin_starts(bin_width, start, stop), bin_width=bin_width)
        windows = checked_windows(trials)
        of_trial = [bin_starts(bin_width, float(low), float(high)) for low, high in windows]
        starts = np.concatenate(of_trial)
        cap = checked_cap(cap)
        spikes = {str(name): checked_times(times, f"the spike times of unit {quoted(name)}") for name, times in trains.items()}
        counts = {name: counts_in(times, starts, bin_width, cap, f"unit {quoted(name)}") for name, times in spikes.items()}
        if any(len(times) for times in spikes.values()) and not any(count.any() for count in counts.values()):
            raise RecordingError(
                f"some spikes must be in a trial; none is. The trials are from {windows[0, 0]:g} to {windows[-1, 1]:g}, the spikes from "
                f"{min(t[0] for t in spikes.values() if len(t)):g} to {max(t[-1] for t in spikes.values() if len(t)):g}. "
                "Use the same unit for trials, bin widths and times, such as seconds."
            )
        numbers = np.repeat(np.arange(len(windows)), [len(s) for s in of_trial])
        return cls(pd.DataFrame(counts), numbers, starts, bin_width)

    def with_series(self, name: str, values: Any, times: Any, *, hold: bool = False) -> Recording:
        """This recording and one more variable: the mean of a time series in each bin, such as a stimulus or the animal's speed.

        Args:
            name: name of the variable.
            values: the samples, shape (samples,).
            times: the time of each sample in ascending order.
            hold: give a bin without samples the last sample before it.

        Raises:
            RecordingError: if the bins of this recording have no times, a bin has no sample, or the name is already used.
        """
        if self.starts is None or self.bin_width is None:
            raise RecordingError(
                "`with_series` must have the time of each bin, which a recording from a table lacks. Add a column to the table instead."
            )
        return self._with(name, means_in(values, times, self.starts, self.bin_width, hold=hold, name=f"the series {quoted(name)}"))

    def with_trial_values(self, name: str, values: Any) -> Recording:
        """This recording and one more variable that is constant in each trial, such as the condition.

        Args:
            name: name of the variable.
            values: one value per trial.

        Raises:
            RecordingError: if the number of values is not the number of trials, or the name is already used.
        """
        given = list(values)
        if len(given) != self.num_trials:
            raise RecordingError(f"{quoted(name)} must have one value per trial ({self.num_trials}); got {len(given)}.")
        import pandas as pd

        numbers = np.zeros(self.num_bins, dtype=np.int64) if self.trials is None else self.trials
        return self._with(name, pd.Series(given).iloc[numbers].reset_index(drop=True))

    def discretized(self, bins: Bins | Mapping[Any, Bins] = None) -> Recording:
        """This recording with every variable discretized into codes 0, 1, …; `binning` records how.

        Bins are computed once, over all time bins, so that a variable has the same bins at every lag.

        Args:
            bins: as for `infomorphic.estimation.decompose_table`: one choice for all variables of real numbers, or choices by name.

        Raises:
            InvalidSamplesError: if a variable holds real numbers and no bins are chosen, or bins do not fit.
            TableError: if a variable mixes numbers and text, or `bins` names no variable.
        """
        import pandas as pd

        chosen = bins_by_column(self.frame, bins, range(len(self.names)))
        columns, binning = {}, []
        for i, name in enumerate(self.names):
            column = self.frame.iloc[:, i]
            present = column.dropna()
            if present.empty:
                raise RecordingError(f"variable {quoted(name)} must have values; all are missing. Leave it out.")
            found = discretize(settled(present.to_numpy()), chosen[i], name)
            codes = pd.array(np.zeros(len(column), dtype=np.int64), dtype="Int64")
            codes[column.isna().to_numpy()] = pd.NA
            codes[column.notna().to_numpy()] = found.codes
            columns[name] = codes
            binning.append(found.binning)
        return replace(self, frame=pd.DataFrame(columns), binning=tuple(binning))

    def design(
        self, target: str, sources: Sequence[str], lags: Sequence[int] | Mapping[str, Sequence[int]] = (0,), history: int = 0
    ) -> Design:
        """The columns for one decomposition: the target, every source at every lag, and the target's own history.

        A row needs all its past bins in the same trial: no lag or history reaches across the border of a trial, and the first rows of
        each trial are left out.

        Args:
            target: name of the target's variable, taken at bin `t`.
            sources: names of the sources' variables.
            lags: how many bins before `t` each source is taken, 0 for the same bin. Each source at each lag is a source of its own. For
                different lags per source, a mapping from names to lags.
            history: the number of past bins of the target that form one joint source, the last; 0 for none.

        Returns:
            The frame, the target and the sources, for `infomorphic.estimation.decompose_table(*design, bins=…)`. If the recording has
            trials, the frame has a column `trial`.

        Raises:
            RecordingError: if a variable does not exist, the target is among the sources, lags or history are not whole numbers of at
                least 0, there is no source, or no trial is long enough.
        """
        import pandas as pd

        names = [sources] if isinstance(sources, str) else list(sources)
        for name in (target, *names):
            self.check_name(name)
        check_target(target, names)
        by_name = {name: checked_lags(lags[name] if isinstance(lags, Mapping) and name in lags else lags, name) for name in names}
        past = checked_history(history)
        if past > 1 and "+" in target:
            raise RecordingError(f"a target with a history of several bins must have a name without +; got {quoted(target)}. Rename it.")
        rows = self.rows_with_past(max([past, *(lag for each in by_name.values() for lag in each)]))
        columns = {at(target, 0): self.frame[target].iloc[rows]}
        for name in names:
            columns |= {at(name, lag): self.frame[name].iloc[rows - lag] for lag in by_name[name]}
        listed = list(columns)[1:]
        columns |= {at(target, k): self.frame[target].iloc[rows - k] for k in range(1, past + 1)}
        if past:
            listed.append(history_name(target, past))
        if not listed:
            raise RecordingError("there must be at least one source; got none. Name a source, or use a history of at least 1.")
        frame = pd.DataFrame({name: column.reset_index(drop=True) for name, column in columns.items()})
        if self.trials is not None:
            if TRIAL in frame.columns:
                raise RecordingError(f"no column may have the name {quoted(TRIAL)}, which is that of the trials. Rename the variable.")
            frame[TRIAL] = self.trials[rows]
        return Design(frame, at(target, 0), listed)

    def rows_with_past(self, past: int) -> Int64[np.ndarray, " rows"]:
        """The time bins that have at least `past` bins before them in their trial.

        Raises:
            RecordingError: if there are none.
        """
        numbers = np.zeros(self.num_bins, dtype=np.int64) if self.trials is None else self.trials
        place = np.arange(self.num_bins) - np.searchsorted(numbers, numbers)
        rows = np.flatnonzero(place >= past)
        if not len(rows):
            raise RecordingError(
                f"a trial must be longer than the largest lag or history, {past} bins; the longest has {int(place.max()) + 1}. "
                "Use smaller lags, a shorter history or narrower bins."
            )
        return rows

    def check_name(self, name: str) -> None:
        """Raise `RecordingError` if there is no variable of this name."""
        if name not in self.names:
            listed = ", ".join(self.names[:30]) + (f" and {len(self.names) - 30} more" if len(self.names) > 30 else "")
            raise RecordingError(f"the recording has no variable {quoted(name)}; it has {listed}.{did_you_mean(str(name), self.names)}")

    def _with(self, name: str, column: Any) -> Recording:
        if str(name) in self.names:
            raise RecordingError(f"a new variable must have a new name; there is already a variable {quoted(name)}.")
        return replace(self, frame=self.frame.assign(**{str(name): column}), binning=())
