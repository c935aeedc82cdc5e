"""Where bins begin, and which spikes and samples are in each."""

import math
import operator
import warnings
from typing import Any

import numpy as np
from jaxtyping import Float64, Int64

from infomorphic.errors import InfomorphicWarning, RecordingError
from infomorphic.quoting import quoted

_MOST_TIME_BINS = 10**8
# An event this close to the next bin, as a fraction of the bin width, is in that bin: 0.3 is in the bin that begins at 3 * 0.1,
# although this product is larger than 0.3 in floating point.
_ROUNDING = 1e-6


def bin_starts(bin_width: float, start: float, stop: float) -> Float64[np.ndarray, " bins"]:
    """Where each complete bin from `start` to `stop` begins.

    Raises:
        RecordingError: if the bin width is not positive or larger than the window, or if there are more than 10⁸ bins.
    """
    for name, value in (("bin_width", bin_width), ("start", start), ("stop", stop)):
        if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating) or not math.isfinite(value):
            raise RecordingError(f"`{name}` must be a finite number; got {quoted(value)}.")
    if not bin_width > 0:
        raise RecordingError(f"`bin_width` must be positive; got {bin_width:g}.")
    if not stop > start:
        raise RecordingError(f"`stop` must be later than `start` ({start:g}); got {stop:g}.")
    count = math.floor((stop - start) / bin_width + _ROUNDING)
    if count < 1:
        raise RecordingError(
            f"`bin_width` must be at most the length of the recording or trial, {stop - start:g}; got {bin_width:g}. "
            "Use the same unit for bin widths and times, such as seconds."
        )
    if count > _MOST_TIME_BINS:
        raise RecordingError(
            f"there must be at most {_MOST_TIME_BINS:,} bins; got {count:,} of width {bin_width:g} from {start:g} to {stop:g}. "
            "Use the same unit for bin widths and times, such as seconds."
        )
    return start + bin_width * np.arange(count, dtype=np.float64)


def counts_in(
    spikes: Float64[np.ndarray, " spikes"],
    starts: Float64[np.ndarray, " bins"],
    bin_width: float,
    cap: int | None,
    name: str = "the spikes",
) -> Int64[np.ndarray, " bins"]:
    """The number of checked spike times in each bin, at most `cap`."""
    low, high = _places(spikes, starts, bin_width)
    counts = (high - low).astype(np.int64)
    if cap is None:
        return counts
    if counts.min() >= cap:
        warnings.warn(
            f"every bin of {name} has at least {cap} spikes, so all counts are equal to the cap. Use narrower bins or a larger cap, and "
            "the same unit for bin widths and times.",
            InfomorphicWarning,
            stacklevel=3,
        )
    return np.minimum(counts, cap)


def means_in(
    values: Any, times: Any, starts: Float64[np.ndarray, " bins"], bin_width: float, *, hold: bool, name: str = "`values`"
) -> Float64[np.ndarray, " bins"]:
    """The mean of a time series in each bin; see `bin_means`."""
    at = checked_times(times, "`times`")
    samples = _numbers(values, name)
    if samples.shape != at.shape:
        raise RecordingError(f"{name} must have one value per time; got {len(samples)} values and {len(at)} times.")
    low, high = _places(at, starts, bin_width)
    empty = high == low
    if hold:
        if len(at) == 0 or (low[0] == 0 and empty[0]):
            raise RecordingError(f"{name} must have a sample at or before the end of the first bin, which begins at {starts[0]:g}.")
    elif empty.any():
        raise RecordingError(
            f"{name} must have a sample in every bin; {int(empty.sum())} of {len(starts)} bins have none, the first at {starts[empty][0]:g}. "
            "Use wider bins, or `hold=True` to keep the last sample. Bins and times must have the same unit."
        )
    # With differences of a running sum, a NaN or a large value would spoil all later bins.
    sums = np.zeros(len(starts))
    filled = ~empty
    bounds = np.stack([low[filled], high[filled]], axis=1).ravel()
    # A last bin that ends with the series has a bound after the last sample, which reduceat does not accept.
    sums[filled] = np.add.reduceat(np.append(samples, 0.0), bounds)[::2] if filled.any() else 0.0
    means = sums / np.maximum(high - low, 1)
    return np.where(empty, samples[np.maximum(high - 1, 0)], means) if hold else means


def checked_times(times: Any, name: str) -> Float64[np.ndarray, " times"]:
    """Times as float64.

    Raises:
        RecordingError: if they are not a sequence of finite numbers in ascending order.
    """
    at = _numbers(times, name)
    if not np.isfinite(at).all():
        raise RecordingError(
            f"{name} must be finite; entry {int(np.flatnonzero(~np.isfinite(at))[0])} (counted from 0) is not. Leave it out."
        )
    down = np.flatnonzero(np.diff(at) < 0)
    if len(down):
        i = int(down[0])
        raise RecordingError(
            f"{name} must be in ascending order; {at[i]:g} is before {at[i + 1]:g}, at entry {i} (counted from 0). Sort them."
        )
    return at


def checked_cap(cap: int | None) -> int | None:
    """The largest count as a Python integer.

    Raises:
        RecordingError: if it is not a whole number of at least 1.
    """
    if cap is None:
        return None
    try:
        whole = operator.index(cap)
    except TypeError:
        whole = 0
    if isinstance(cap, bool) or whole < 1:
        raise RecordingError(f"`cap` must be a whole number of at least 1, or None; got {quoted(cap)}.")
    return whole


def _numbers(values: Any, name: str) -> Float64[np.ndarray, " entries"]:
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iuf"):
        shown = f"shape {array.shape}" if array.ndim != 1 else f"entries of type {array.dtype}"
        raise RecordingError(f"{name} must be a one-dimensional sequence of numbers; got {shown}.")
    return array.astype(np.float64)


def _places(
    at: Float64[np.ndarray, " times"], starts: Float64[np.ndarray, " bins"], bin_width: float
) -> tuple[Int64[np.ndarray, " bins"], Int64[np.ndarray, " bins"]]:
    """For each bin, the index of the first time in it and of the first time after it."""
    low = np.searchsorted(at, starts - _ROUNDING * bin_width)
    high = np.searchsorted(at, starts + bin_width * (1 - _ROUNDING))
    return low, high
