"""Time bins: spike counts and means of time series.

Times have any unit; bin widths, starts and stops must have the same. Examples use seconds. A bin contains its start and not its end.
"""

from typing import Any

import numpy as np
from jaxtyping import Float64, Int64

from infomorphic.errors import RecordingError
from infomorphic.recordings.placing import bin_starts, checked_cap, checked_times, counts_in, means_in


def spike_counts(times: Any, bin_width: float, start: float, stop: float, cap: int | None = None) -> Int64[np.ndarray, " bins"]:
    """The number of spikes in each bin from `start` to `stop`.

    Args:
        times: spike times in ascending order, shape (spikes,). All must be from `start` to `stop`.
        bin_width: width of the bins, in the unit of the times.
        start: where the first bin begins.
        stop: where the recording ends. An incomplete last bin is left out, with its spikes.
        cap: the largest count. Bins with more spikes get this count, so that a few full bins do not add many rare values.

    Raises:
        RecordingError: if times are not numbers, not finite, not ascending or outside the window; or if `bin_width` is not positive or
            larger than the window.

    Warns:
        InfomorphicWarning: if every bin reaches the cap.

    Example:
        >>> spike_counts([0.01, 0.02, 0.27], bin_width=0.1, start=0.0, stop=0.5, cap=1).tolist()
        [1, 0, 1, 0, 0]
    """
    spikes = checked_times(times, "`times`")
    starts = bin_starts(bin_width, start, stop)
    outside = (spikes < start) | (spikes > stop)
    if outside.any():
        first = spikes[outside][0]
        raise RecordingError(
            f"`times` must be from `start` ({start:g}) to `stop` ({stop:g}); {int(outside.sum())} of {len(spikes)} are outside, the first at {first:g}. "
            f"{_hint(spikes, start, stop, mostly=bool(2 * outside.sum() > len(spikes)))}"
        )
    return counts_in(spikes, starts, bin_width, checked_cap(cap))


def bin_means(values: Any, times: Any, bin_width: float, start: float, stop: float, *, hold: bool = False) -> Float64[np.ndarray, " bins"]:
    """The mean of a time series in each bin from `start` to `stop`.

    Args:
        values: the samples, shape (samples,).
        times: the time of each sample in ascending order, shape (samples,).
        bin_width: width of the bins, in the unit of the times.
        start: where the first bin begins.
        stop: where the recording ends. An incomplete last bin is left out.
        hold: give a bin without samples the last sample before it. For series that are slower than the bins.

    Raises:
        RecordingError: as for `spike_counts`; or if a bin has no sample.
    """
    return means_in(values, times, bin_starts(bin_width, start, stop), bin_width, hold=hold)


def _hint(spikes: Float64[np.ndarray, " spikes"], start: float, stop: float, *, mostly: bool) -> str:
    if mostly and spikes[0] / 1000 >= start and spikes[-1] / 1000 <= stop:
        return "If the times are in milliseconds and the window is in seconds, divide the times by 1000."
    return "Select the spikes of this window first: times[(times >= start) & (times < stop)]."
