"""Read a sheet of an Excel workbook."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infomorphic.errors import TableError, did_you_mean
from infomorphic.estimation.reading.entries import named, native
from infomorphic.quoting import quoted, shortened

if TYPE_CHECKING:
    import pandas as pd

_MOST_ROWS = 2**20
_MOST_CELLS = 2**27
"""Excel's maximum number of rows, and a maximum number of cells: a row of one far cell is a row of 16,384 cells."""


def read(content: bytes, path: Path, sheet: str | None = None) -> pd.DataFrame:
    """The table in one sheet. Its first row with entries is the header. Formulas have the values that Excel stored.

    Raises:
        TableError: if the sheet does not exist or is empty, several sheets have entries and none is chosen,
            or a column has values but no name.
    """
    import openpyxl

    # openpyxl warns about what it leaves out: styles, validation of entries, drawings.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            chosen = _chosen(book, sheet, path)
            rows = _rows(chosen, path)
        finally:
            book.close()
    return _table(rows, chosen.title, path)


def _chosen(book: Any, sheet: str | None, path: Path) -> Any:
    """The sheet of this name, or the only one with entries."""
    names = [s.title for s in book.worksheets]
    if sheet is not None:
        if sheet not in names:
            listed = shortened(", ".join(names))
            raise TableError(f"`sheet` must be a sheet of {path} ({listed}); got {quoted(sheet)}.{did_you_mean(sheet, names)}")
        return book[sheet]
    filled = [s for s in book.worksheets if any(_has_entries(row) for row in _values(s))]
    if not filled:
        raise TableError(f"{path} is empty: no sheet has entries.")
    if len(filled) > 1:
        listed = shortened(", ".join(s.title for s in filled))
        raise TableError(f"{path} has {len(filled)} sheets with entries: {listed}. Choose one with `sheet`.")
    return filled[0]


def _values(sheet: Any) -> Any:
    sheet.reset_dimensions()  # what a file announces may be wrong
    return sheet.iter_rows(values_only=True)


def _has_entries(row: Sequence[Any]) -> bool:
    return any(value is not None and value != "" for value in row)


def _rows(sheet: Any, path: Path) -> list[tuple[int, tuple[Any, ...]]]:
    """The rows with entries, and the number of each in Excel."""
    rows: list[tuple[int, tuple[Any, ...]]] = []
    cells = 0
    for number, row in enumerate(_values(sheet), 1):
        if _has_entries(row):
            rows.append((number, row))
            cells += len(row)
        if number > _MOST_ROWS or cells > _MOST_CELLS:
            raise TableError(f"{path} must have at most {_MOST_ROWS:,} rows and {_MOST_CELLS:,} cells. Save it as Parquet.")
    return rows


def _table(rows: list[tuple[int, tuple[Any, ...]]], sheet: str, path: Path) -> pd.DataFrame:
    import pandas as pd

    if not rows:
        raise TableError(f"{path} is empty: the sheet {sheet!r} has no entries.")
    (first, header), *body = rows
    width = max(len(row) for _, row in rows)
    names = ["" if name is None else str(name).strip() for name in header]
    names += [""] * (width - len(names))
    for number, row in body:
        for place, value in enumerate(row):
            if not names[place] and value is not None and value != "":
                raise TableError(
                    f"every column of {path} must have a name in row {first}, the first of the sheet {sheet!r}; column {_letters(place)} has "
                    f"none, but row {number} has {quoted(value)} there. Keep one row of names above the values, without titles, notes or "
                    "merged cells."
                )
    if not body:
        raise TableError(f"{path} has no rows: the sheet {sheet!r} has only row {first}.")
    columns = {
        place: native(pd.Series([row[place] if place < len(row) else None for _, row in body], dtype=object).convert_dtypes())
        for place in range(width)
    }
    return named(pd.DataFrame(columns), names, path)


def _letters(place: int) -> str:
    """Excel's name of a column, from its place counted from 0."""
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)
