"""Read CSV and its dialects from text."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from infomorphic.errors import TableError
from infomorphic.estimation.reading.comments import without_comments
from infomorphic.estimation.reading.entries import MISSING, named, native
from infomorphic.estimation.reading.fields import header_of, lines_of, separator_of
from infomorphic.estimation.reading.text import text_of

if TYPE_CHECKING:
    import pandas as pd

_DECIMAL_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")


def read(content: bytes, path: Path, sheet: str | None = None) -> pd.DataFrame:
    """The table in a text file.

    Raises:
        TableError: if it is no text, the rows have different numbers of fields, a name is repeated, or decimal marks are mixed.
    """
    text = text_of(content, path).lstrip("\r\n")
    separator = None
    # Excel may name the separator in a first line.
    if said := re.match(r"sep=(.)\r?\n", text):
        separator, text = said.group(1), text[said.end() :]
    text = without_comments(text, path)
    separator = separator or separator_of(text)
    header, skipped_first, skipped_last = header_of(text, separator, path)
    names = [*([""] if skipped_first else []), *header, *([""] if skipped_last else [])]
    frame = _frame(text, separator, len(names), ".")
    if separator != ",":
        frame = _with_decimal_commas(frame, text, separator, header, path)
    return named(frame.iloc[:, int(skipped_first) : len(names) - int(skipped_last)], header, path)


def _frame(text: str, separator: str, num_columns: int, decimal: str) -> pd.DataFrame:
    """The columns below the header, numbered. Each has the type that fits all its entries."""
    import pandas as pd

    # Bin edges need the float nearest to the written number. The newest pandas always reads it, and warns if the option is set.
    newest = tuple(int(part) for part in pd.__version__.split(".")[:2]) >= (3, 1)
    exact: dict[str, Any] = {} if newest else {"float_precision": "round_trip"}
    found: pd.DataFrame = pd.read_csv(
        io.StringIO(text),
        sep=r"\s+" if separator == " " else separator,
        header=0,
        names=list(range(num_columns)),
        index_col=False,
        skipinitialspace=True,
        decimal=decimal,
        na_values=sorted(MISSING),
        keep_default_na=False,
        # Columns of whole numbers with missing entries stay whole.
        dtype_backend="numpy_nullable",
        low_memory=False,
        **exact,
    )
    found = _without_blank_rows(found, text, separator)
    return pd.DataFrame({i: native(found.iloc[:, i]) for i in range(len(found.columns))}, index=found.index)


def _without_blank_rows(frame: pd.DataFrame, text: str, separator: str) -> pd.DataFrame:
    """The rows that hold more than separators. A row of NA has missing values and is kept."""
    if not frame.isna().all(axis=1).any():
        return frame
    has_text = [any(record) for record in lines_of(text, separator) if record][1:]
    if len(has_text) != len(frame):  # there are lines of white space
        has_text = [some for some in has_text if some]
    return frame.iloc[np.flatnonzero(has_text)].reset_index(drop=True) if len(has_text) == len(frame) else frame


def _with_decimal_commas(frame: pd.DataFrame, text: str, separator: str, header: list[str], path: Path) -> pd.DataFrame:
    """Read the table again with decimal commas if it has any.

    Raises:
        TableError: if it has decimal points too.
    """
    commas = [c for c in range(len(frame.columns)) if _has_decimal_commas(frame.iloc[:, c], separator)]
    if not commas:
        return frame
    points = [c for c in range(len(frame.columns)) if frame.dtypes.iloc[c].kind == "f"]
    if points:
        of_comma, of_point = (header[min(c, len(header) - 1)] for c in (commas[0], points[0]))
        raise TableError(
            f"{path} must use one decimal mark; column {of_comma!r} has decimal commas, column {of_point!r} decimal points. Use points."
        )
    return _frame(text, separator, len(frame.columns), ",")


def _has_decimal_commas(column: pd.Series, separator: str) -> bool:
    entries = [e for e in column.dropna().unique() if isinstance(e, str)]
    like = [e for e in entries if _DECIMAL_COMMA.fullmatch(e)]
    # In a tab-separated file, 1,234 may also be a whole number with a thousands separator.
    clear = like if separator == ";" else [e for e in like if not _THOUSANDS.fullmatch(e)]
    return bool(clear) and 2 * sum(bool(_DECIMAL_COMMA.fullmatch(e) or re.fullmatch(r"[+-]?\d+", e)) for e in entries) >= len(entries)
