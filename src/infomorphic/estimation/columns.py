"""The kind of a table's column, and whether bins apply to it."""

from __future__ import annotations

import datetime
import numbers
import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from infomorphic.errors import TableError
from infomorphic.pid import Categories, EqualWidth
from infomorphic.pid.discretization import are_whole
from infomorphic.quoting import quoted

if TYPE_CHECKING:
    import pandas as pd

    from infomorphic.pid.discretization import Bins

# Numbers with a decimal point, with a decimal comma, or with thousands separators.
_NUMBER = re.compile(r"[+-]?((\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?|\d{1,3}([,.' ]\d{3})+([.,]\d+)?)")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}([T ].*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}( .*)?")

REAL, WHOLE, TEXT, BOOLEAN, DATES = "real numbers", "whole numbers", "text", "boolean", "dates"


class ColumnKind(NamedTuple):
    """The kind of a column (real numbers, whole numbers, text, boolean or dates) and its number of missing entries."""

    kind: str
    missing: int

    def __str__(self) -> str:
        return f"{self.kind}, {self.missing} missing" if self.missing else self.kind


def kind_of(column: pd.Series) -> ColumnKind:
    """The kind of a column of a data frame. Real numbers that are all whole count as whole numbers."""
    missing = column.isna()
    return ColumnKind(_kind(column.dropna()), int(missing.sum()))


def bins_of_column(name: str, column: pd.Series, bins: Bins, *, named: bool) -> Bins:
    """The bins of a column, given bins for this column (`named`) or for all columns.

    Bins for all columns apply to real numbers only; whole numbers, text, booleans and dates stay categories. Bins for a named column
    apply to whole numbers too.

    Raises:
        TableError: if a column mixes numbers with other entries and its bins are not `Categories`, or if bins are chosen for a column
            without numbers.
    """
    if isinstance(bins, Categories):
        return bins
    _check_entries(name, column)
    kind = kind_of(column).kind
    if kind == REAL or not named or bins is None:
        return bins if kind == REAL else None
    if kind == WHOLE:
        return EqualWidth(bins) if isinstance(bins, int) else bins
    row = int(np.flatnonzero(column.notna())[0])
    raise TableError(
        f"{name!r} must hold numbers to have bins; it holds {kind}: row {row} (counted from 0) is {quoted(column.iloc[row])}. "
        "Leave out its bins to use every value as a category."
    )


def numbers_of(name: str, column: pd.Series, what: str) -> np.ndarray:
    """A column of weights or probabilities as float64, with NaN for missing entries."""
    kind = kind_of(column).kind
    if kind not in (REAL, WHOLE):
        _check_entries(name, column)
        raise TableError(f"the column of {what} must hold numbers; {name!r} holds {kind}. Name another column.")
    return column.astype(object).mask(column.isna(), np.nan).to_numpy().astype(np.float64)


def _kind(present: pd.Series) -> str:
    import pandas as pd

    dtype = present.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _kind(present.astype(dtype.categories.dtype))
    if pd.api.types.is_bool_dtype(dtype):
        return BOOLEAN
    if pd.api.types.is_integer_dtype(dtype):
        return WHOLE
    if pd.api.types.is_float_dtype(dtype):
        return WHOLE if are_whole(present.to_numpy(dtype=np.float64)) else REAL
    if pd.api.types.is_datetime64_any_dtype(dtype) or dtype.kind in "mM" or isinstance(dtype, pd.PeriodDtype):
        return DATES
    values = list(present.unique())
    if all(isinstance(v, bool | np.bool_) for v in values):
        return BOOLEAN if values else TEXT
    if all(isinstance(v, numbers.Real | Decimal) for v in values):
        return WHOLE if all(v == v // 1 for v in values if np.isfinite(float(v))) else REAL
    is_date = all(_DATE.fullmatch(v) if isinstance(v, str) else isinstance(v, datetime.date | datetime.time) for v in values)
    return DATES if is_date else TEXT


def _check_entries(name: str, column: pd.Series) -> None:
    """Raise `TableError` if a column mixes numbers and text, or has numbers written as text."""
    if getattr(column.dtype, "kind", "O") in "iufbcmM":
        return
    present = column.dropna()
    try:
        distinct = list(present.unique())
    except TypeError as error:
        raise TableError(f"{name!r} must hold numbers, text, booleans or dates; got {type(present.iloc[0]).__name__}.") from error
    text = [v for v in distinct if isinstance(v, str)]
    like = {v for v in text if _NUMBER.fullmatch(v)}
    others = {v for v in text if v not in like and not _DATE.fullmatch(v)}
    num_numbers = len(distinct) - len(text) + len(like)
    real = [v for v in text if v in like and not re.fullmatch(r"[+-]?\d+", v)]
    has_real = bool(real) or any(isinstance(v, float | np.floating | Decimal) for v in distinct)
    # A few whole numbers among names are also names; a few names among numbers are mistakes.
    if others and (has_real or 2 * num_numbers > len(distinct)):
        at = present.map(lambda v: isinstance(v, str) and v in others)
        row = int(np.flatnonzero(column.notna())[np.flatnonzero(at)[0]])
        raise TableError(
            f"{name!r} must hold numbers or text, not both; row {row} (counted from 0) is {quoted(column.iloc[row])} among numbers. Correct the "
            "entry, or empty it and leave out rows with missing values, or choose `categories` as the bins of this column."
        )
    if real:
        wrong = next((v for v in real if not re.fullmatch(r"[\d.eE+-]+", v)), real[0])
        row = int(np.flatnonzero(column.map(lambda v: isinstance(v, str) and v == wrong, na_action="ignore").eq(True))[0])
        raise TableError(
            f"{name!r} must hold numbers with decimal points and without thousands separators; row {row} (counted from 0) is the text "
            f"{quoted(wrong)}. Correct the numbers, or choose `categories` as the bins of this column."
        )
