"""Write a table in the format that the file's suffix names."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from infomorphic.errors import TableError
from infomorphic.extras import missing
from infomorphic.files import replace_file

if TYPE_CHECKING:
    import pandas as pd

TABLE_FORMATS = (".parquet", ".csv", ".feather")


def check_table_format(path: Path) -> None:
    """Raise `TableError` unless a table can be saved under this path: suffix, folder, and the package that the format needs."""
    if path.suffix.lower() not in TABLE_FORMATS:
        raise TableError(f"`out` must be a .parquet, .csv or .feather file; got {path.name!r}.")
    if not path.parent.is_dir():
        raise TableError(f"there is no folder {path.parent}. Make it first.")
    if path.suffix.lower() != ".csv" and (problem := missing(f"a {path.suffix} file", "pyarrow")):
        raise TableError(problem)


def save_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet, CSV or Feather; an existing file is replaced.

    Raises:
        TableError: if the suffix is another one, the folder does not exist, or pyarrow is needed and not installed.
    """
    check_table_format(path)
    content = io.BytesIO()
    match path.suffix.lower():
        case ".parquet":
            frame.to_parquet(content, index=False)
        case ".csv":
            frame.to_csv(content, index=False)
        case _:
            frame.to_feather(content)
    replace_file(path, content.getvalue())
