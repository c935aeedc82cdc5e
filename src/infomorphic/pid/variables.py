"""What a user passes as sources, target and weights, as plain NumPy columns."""

import numbers
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64

from infomorphic.errors import InvalidSamplesError


def named_variables(sources: Any, target: Any) -> tuple[list[str], list[list[np.ndarray]]]:
    """Names and columns of the sources and, last, of the target."""
    if hasattr(sources, "columns"):  # a DataFrame
        names = [str(c) for c in sources.columns]
        variables = [[_plain(column)] for column in _columns_of_frame(sources)]
    elif isinstance(sources, list | tuple):
        variables = [_columns(s, f"source {i}") for i, s in enumerate(sources, 1)]
        names = [f"source {i}" for i in range(1, len(variables) + 1)]
    else:
        array = _plain(sources)
        if array.ndim != 2:
            raise InvalidSamplesError(
                f"`sources` must have shape (observations, n); got {array.shape}. Use sources[:, None] for a single source."
            )
        variables = [[array[:, i]] for i in range(array.shape[1])]
        names = [f"source {i}" for i in range(1, len(variables) + 1)]
    name = getattr(target, "name", None)
    names.append(str(name) if isinstance(name, str) else "target")
    variables.append(_columns(target, "target"))
    lengths = {len(c) for columns in variables for c in columns}
    if len(lengths) > 1:
        shown = ", ".join(f"{n}: {len(v[0])}" for n, v in zip(names, variables, strict=True))
        raise InvalidSamplesError(f"sources and target must have the same number of observations; got {shown}.")
    return names, variables


def _columns_of_frame(frame: Any) -> list[Any]:
    """The columns of a DataFrame of any library. In pandas, several columns may have the same name."""
    if hasattr(frame, "iloc"):
        return [frame.iloc[:, i] for i in range(frame.shape[1])]
    return [frame[name] for name in frame.columns]


def _plain(values: Any) -> np.ndarray:
    """Convert anything array-like to a NumPy array with missing values as NaN, NaT, None or pandas' NA."""
    if hasattr(values, "detach"):
        return values.detach().cpu().numpy()
    if isinstance(values, np.ma.MaskedArray):
        # The value under a mask is arbitrary.
        if not np.ma.is_masked(values):
            return values.data
        entries = values.data.astype(object)
        entries[np.ma.getmaskarray(values)] = None
        return entries
    if hasattr(values, "isna") and hasattr(values, "to_numpy"):
        # An object array if NumPy has no such type: whole numbers, booleans or text with missing values.
        own = getattr(values, "dtype", None)
        return values.to_numpy() if isinstance(own, np.dtype) else values.astype(object).to_numpy()
    return np.asarray(values)


def settled(column: np.ndarray) -> np.ndarray:
    """Convert an object column without missing values to a numeric or boolean array if all its entries are of that type."""
    if column.dtype != object or not len(column):
        return column
    kinds = {type(v) for v in column}
    if all(issubclass(k, bool | np.bool_) for k in kinds):
        return column.astype(bool)
    if any(issubclass(k, bool | np.bool_) or not issubclass(k, numbers.Real | Decimal) for k in kinds):
        return column
    if all(issubclass(k, numbers.Integral) for k in kinds):
        low, high = int(min(column)), int(max(column))
        if low < -(2**63) or high >= 2**64 or (low < 0 and high >= 2**63):
            return column
        return column.astype(np.uint64 if high >= 2**63 else np.int64)
    return column.astype(np.float64)


def _columns(values: Any, name: str) -> list[np.ndarray]:
    """The columns of one variable: one, or several for a joint variable."""
    if hasattr(values, "columns"):
        return [_plain(column) for column in _columns_of_frame(values)]
    array = _plain(values)
    if array.ndim == 2 and array.shape[1] > 0:
        return [array[:, i] for i in range(array.shape[1])]
    if array.ndim != 1:
        raise InvalidSamplesError(f"{name} must have shape (observations,) or (observations, k); got {array.shape}.")
    return [array]


def usable_rows(
    names: Sequence[str], variables: Sequence[Sequence[np.ndarray]], weights: Any, missing: str
) -> tuple[Bool[np.ndarray, " rows"], Float64[np.ndarray, " rows"] | None]:
    """Which rows to use, and the weights."""
    num_rows = len(variables[0][0])
    keep = np.ones(num_rows, dtype=bool)
    for columns in variables:
        for column in columns:
            keep &= ~_is_missing(column)
    weight_column = None
    if weights is not None:
        weight_column = np.asarray(_plain(weights), dtype=np.float64)
        if weight_column.shape != (num_rows,):
            raise InvalidSamplesError(f"`weights` must have shape ({num_rows},); got {weight_column.shape}.")
        if missing == "drop":
            without = np.isnan(weight_column)
            keep &= ~without
            weight_column = np.where(without, 0.0, weight_column)
        if not np.isfinite(weight_column).all() or (weight_column < 0).any() or not weight_column.sum() > 0:
            raise InvalidSamplesError(
                "`weights` must be finite and not negative, and some must be positive. Leave out rows without a weight with `missing='drop'`."
            )
        # A row of weight zero was never observed, so it must not count as an occupied cell.
        keep &= weight_column > 0
    if missing not in ("error", "drop"):
        raise InvalidSamplesError(f'`missing` must be "error" or "drop"; got {missing!r}.')
    absent = [(name, _is_missing(column)) for name, columns in zip(names, variables, strict=True) for column in columns]
    rows = np.flatnonzero(np.any([m for _, m in absent], axis=0))
    if missing == "error" and len(rows):
        shown = ", ".join(str(r) for r in rows[:5]) + (", …" if len(rows) > 5 else "")
        where = ", ".join(dict.fromkeys(name for name, m in absent if m.any()))
        raise InvalidSamplesError(
            f"{len(rows)} rows have missing values, in {where}: rows {shown} (counted from 0). Leave these rows out with `missing='drop'`."
        )
    return keep, weight_column


def _is_missing(column: np.ndarray) -> Bool[np.ndarray, " rows"]:
    if column.dtype.kind == "f":
        return np.isnan(column)
    if column.dtype.kind in "mM":
        return np.isnat(column)
    if column.dtype.kind == "O":
        import pandas as pd

        return np.asarray(pd.isna(column))
    return np.zeros(len(column), dtype=bool)
