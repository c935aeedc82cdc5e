"""A table from arrays by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from infomorphic.errors import TableError
from infomorphic.quoting import quoted, shortened

if TYPE_CHECKING:
    import pandas as pd

_MOST_COLUMNS = 2**14
"""Maximum number of columns of a table, as in Excel."""
_LEFT_OUT = "not columns, and why"


def frame_of_arrays(arrays: Mapping[str, Any], where: str, left_out: Mapping[str, str] | None = None) -> pd.DataFrame:
    """A data frame with an array of one dimension as the column of its name, and an array x of shape (rows, k) as x_0, x_1, ….

    Single values are left out, and so are arrays of more dimensions, of complex numbers and of records.

    Args:
        arrays: the arrays by name.
        where: the file or object that holds them, for messages.
        left_out: what is no array, by name, and why. The error for a missing column says it (`why_left_out`).

    Raises:
        TableError: if there is no column, if columns have different lengths, or if a name is repeated.
    """
    import pandas as pd

    reasons = dict(left_out or {})
    columns: dict[str, np.ndarray] = {}
    lengths: dict[str, int] = {}
    for name, array in ((str(name), _array(values)) for name, values in arrays.items()):
        reason = _no_column(array)
        if reason:
            reasons[name] = reason
            continue
        lengths[name] = len(array)
        parts = {name: array} if array.ndim == 1 else {f"{name}_{i}": array[:, i] for i in range(array.shape[1])}
        twice = [part for part in parts if part in columns]
        if twice:
            raise TableError(f"{where} has more than one column named {twice[0]!r}; rename them.")
        columns.update(parts)
    if not columns:
        said = "; ".join(f"{name} {reason}" for name, reason in reasons.items())
        raise TableError(f"{where} has no column{f': {shortened(said)}' if said else ''}. Save one array per column.")
    if len(set(lengths.values())) > 1:
        listed = shortened(", ".join(f"{name} has {n}" for name, n in lengths.items()))
        raise TableError(f"arrays of {where} must have the same number of rows; {listed}. Rows are the first axis: transpose x to x.T.")
    frame = pd.DataFrame(columns).infer_objects()
    frame.attrs[_LEFT_OUT] = reasons
    return frame


def why_left_out(frame: pd.DataFrame, name: Any) -> str | None:
    """Why something of this name in the file is not a column of the table; None if nothing there has this name."""
    return frame.attrs.get(_LEFT_OUT, {}).get(str(name))


def _array(values: Any) -> np.ndarray:
    # NumPy would turn numbers in a list into text if one entry is text.
    array = np.asarray(values, dtype=object if isinstance(values, list | tuple) else None)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    return array.astype(str) if array.dtype.kind == "S" else array


def _no_column(array: np.ndarray) -> str | None:
    """Why an array is no column of a table; None if it is one."""
    if array.size == 1:
        return "is a single value"
    if array.ndim not in (1, 2):
        return f"has {array.ndim} dimensions"
    if array.ndim == 2 and array.shape[1] > _MOST_COLUMNS:
        return f"has {array.shape[1]:,} columns, more than {_MOST_COLUMNS:,}"
    if array.dtype.kind in "cV":
        return f"holds {'complex numbers' if array.dtype.kind == 'c' else f'records of type {quoted(array.dtype)}'}"
    return None
