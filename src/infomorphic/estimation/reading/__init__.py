"""Read table files: CSV (plain or compressed), Excel, Parquet, Feather, NumPy's NPZ and MATLAB's MAT.

The content of a file determines its format, not its name. Nothing is guessed silently: an ambiguous file raises an error that says what to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from infomorphic.errors import TableError
from infomorphic.estimation.reading.content import refuse, unpacked
from infomorphic.estimation.reading.formats import format_of
from infomorphic.extras import missing

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_table"]


def read_table(path: Path | str, *, sheet: str | None = None) -> pd.DataFrame:
    """The table in a file, with one column per name; the file may be compressed by gzip, bzip2, xz or zip.

    - **CSV** has a header, and its fields are separated by commas, semicolons, tabs, bars or spaces. Numbers have decimal points. If
      commas do not separate fields, they may have decimal commas. Lines that begin with `#` are comments. A first column without a name
      in the header, as written by R's `write.table`, holds row names and is left out. Text is UTF-8 or has a byte-order mark.
    - **Excel** (.xlsx): the first row with entries is the header. Needs the package openpyxl.
    - **Parquet**, **Feather** (version 2, Arrow). Both need the package pyarrow.
    - **NPZ** and **MAT** (MATLAB, up to version 7): every array of one dimension, or of one row or column in MATLAB, is a column. A matrix
      `x` of shape (rows, k) is the columns `x_0`, `x_1`, …. Single values and what is no column, such as Python objects, structs and
      sparse matrices, are left out. Nothing is unpickled.

    Args:
        path: the file.
        sheet: the sheet of an Excel workbook; by default the only one with entries.

    Raises:
        TableError: if the file does not exist, has another format, no rows, or more than 4 GiB when unpacked; if a row and the header
            have different numbers of fields, or a column name is repeated; if arrays have different lengths; or if the package for
            this format is not installed.
    """
    path = Path(path)
    if not path.is_file():
        raise TableError(f"there is no file {path}." if not path.exists() else f"{path} is not a file.")
    try:
        content = unpacked(path.read_bytes(), path)
        found = format_of(content, path)
        if sheet is not None and not found.has_sheets:
            raise TableError(f"`sheet` must come with an Excel workbook; {path} is {found.what}. Leave out `sheet`.")
        if problem := missing(f"{path} is {found.what}, which", *found.packages):
            raise TableError(problem)
        frame = found.read(content, path, sheet)
    except TableError:
        raise
    except Exception as error:  # readers of other packages raise many types, which all mean the same to the user
        refuse(path, " ".join(str(error).split())[:300])
    if frame.empty:
        raise TableError(f"{path} has no rows.")
    return frame
