"""The entries of columns: which text means a missing value, and the type that fits all entries of a column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from infomorphic.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

MISSING = {
    "",
    "NA",
    "N/A",
    "n/a",
    "NaN",
    "nan",
    "-NaN",
    "-nan",
    "null",
    "NULL",
    "None",
    "<NA>",
    "#N/A",
    "#NA",
    "#N/A N/A",
    "1.#IND",
    "1.#QNAN",
}
"""Text that means a missing value."""


def native(column: pd.Series) -> pd.Series:
    """Convert a column to a NumPy type if it can hold all its values, and strip white space around text."""
    import pandas as pd

    kind = getattr(column.dtype, "kind", "O")
    if kind == "f":
        return column.astype("float64")
    if kind in "iub":
        return column if column.isna().any() else pd.Series(column.to_numpy(dtype=column.dtype.numpy_dtype), index=column.index)
    if kind in "mM":
        return column
    stripped = column.astype(object).map(lambda entry: entry.strip() if isinstance(entry, str) else entry, na_action="ignore")
    return stripped.mask(stripped.isin(MISSING), pd.NA)


def named(frame: pd.DataFrame, header: Sequence[str], path: Path) -> pd.DataFrame:
    """The table under the names in its header, without empty columns that have no name.

    Raises:
        TableError: if a name is repeated.
    """
    frame.columns = list(header)
    # Spreadsheets may leave empty columns.
    kept = [i for i, name in enumerate(header) if name or frame.iloc[:, i].notna().any()]
    frame = frame.iloc[:, kept]
    # pandas would silently rename a repeated column.
    twice = sorted({name for name in frame.columns if list(frame.columns).count(name) > 1})
    if twice:
        which = f"named {twice[0]!r}" if twice[0] else "without a name"
        raise TableError(f"{path} has more than one column {which}; rename them.")
    return frame
