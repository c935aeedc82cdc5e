"""The trial of each row of a table, and the windows of trials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float64, Int64

from infomorphic.errors import RecordingError
from infomorphic.quoting import quoted

if TYPE_CHECKING:
    import pandas as pd


def trial_numbers(column: pd.Series) -> Int64[np.ndarray, " bins"]:
    """The number of the trial of each row, counted from 0, from a column that names the trials."""
    if column.isna().any():
        row = int(np.flatnonzero(column.isna())[0])
        raise RecordingError(
            f"the column of trials, {quoted(column.name)}, must have no missing entries; row {row} (counted from 0) has none."
        )
    codes = column.factorize()[0].astype(np.int64)
    # Trials are numbered as they appear, so the numbers never decrease if the rows of each trial are consecutive.
    back = np.flatnonzero(np.diff(codes) < 0)
    if len(back):
        row = int(back[0]) + 1
        raise RecordingError(
            f"the rows of a trial must be consecutive; trial {quoted(column.iloc[row])} begins again in row {row} (counted from 0). "
            "Sort the table by trial, then by time."
        )
    return codes


def checked_windows(trials: Any) -> Float64[np.ndarray, "trials 2"]:
    """The begin and the end of each trial, checked."""
    windows = np.asarray(trials, dtype=np.float64)
    if windows.ndim != 2 or windows.shape[1] != 2 or not len(windows):
        raise RecordingError(f"`trials` must have the start and the stop of each trial, shape (trials, 2); got shape {windows.shape}.")
    if not np.isfinite(windows).all() or (windows[:, 1] <= windows[:, 0]).any():
        raise RecordingError("the start of each trial must be before its stop, and both must be finite. Leave out the other trials.")
    overlap = np.flatnonzero(windows[1:, 0] < windows[:-1, 1])
    if len(overlap):
        i = int(overlap[0])
        raise RecordingError(
            f"trials must be in ascending order and must not overlap; trial {i + 1} begins at {windows[i + 1, 0]:g}, before trial {i} ends at "
            f"{windows[i, 1]:g}. Sort them, or shorten them."
        )
    return windows
