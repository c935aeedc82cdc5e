"""Read the variables of a MATLAB file up to version 7."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from infomorphic.estimation.arrays import frame_of_arrays
from infomorphic.estimation.reading.content import check_size

if TYPE_CHECKING:
    import pandas as pd

_HEADER_BYTES, _COMPRESSED = 128, 15
_MATLAB_OBJECT = "is a MATLAB object, such as a table, string or categorical; save the table as CSV by writetable, or text by cellstr"
_NOT_COLUMNS = {
    "struct": "is a struct; save its fields as variables: save('FILE.mat', '-struct', 'NAME')",
    "object": _MATLAB_OBJECT,
    "opaque": _MATLAB_OBJECT,
    "unknown": _MATLAB_OBJECT,
    "function": "is a function",
    "sparse": "is a sparse matrix; save full(x)",
}


def read(content: bytes, path: Path, sheet: str | None = None) -> pd.DataFrame:
    """The variables as columns: vectors of numbers, logical values or text (a cell array of character vectors), and matrices.

    Raises:
        TableError: if the variables are too large when unpacked, if none is a column, or if their lengths differ.
    """
    from scipy.io import loadmat, whosmat

    check_size(_unpacked_bytes(content), path)
    found = whosmat(io.BytesIO(content))
    left_out = {name: _NOT_COLUMNS[kind].replace("NAME", name) for name, _, kind in found if kind in _NOT_COLUMNS}
    wanted = [name for name, _, kind in found if kind not in _NOT_COLUMNS]
    loaded = loadmat(io.BytesIO(content), variable_names=wanted, chars_as_strings=True) if wanted else {}
    arrays: dict[str, np.ndarray] = {}
    for name in wanted:
        array = _vector(loaded[name])
        if array.dtype == object:
            text = _text_of_cells(array)
            if text is None:
                left_out[name] = "is a cell array, but not one column of character vectors"
                continue
            array = text
        arrays[name] = array
    return frame_of_arrays(arrays, str(path), left_out)


def _vector(array: np.ndarray) -> np.ndarray:
    """An array of one row or one column as one dimension. MATLAB has no arrays of one dimension."""
    return array.reshape(-1) if array.ndim == 2 and 1 in array.shape else array


def _text_of_cells(cells: np.ndarray) -> np.ndarray | None:
    """The character vectors of a cell array; None if a cell holds something else."""
    if cells.ndim != 1:
        return None
    entries = [_text(cell) for cell in cells]
    return None if None in entries else np.array(entries, dtype=object)


def _text(cell: Any) -> str | None:
    if not isinstance(cell, np.ndarray) or cell.dtype.kind != "U" or cell.size > 1:
        return None
    return str(cell.item()) if cell.size else ""


def _unpacked_bytes(content: bytes) -> int:
    """The size of all variables when unpacked. Compressed variables may be a thousand times as large as the file.

    Source: MAT-File Format, MathWorks, "Level 5 MAT-File Format".
    """
    if not content.startswith(b"MATLAB 5.0"):
        return len(content)  # version 4 does not compress
    order = "<" if content[126:128] == b"IM" else ">"
    at, total = _HEADER_BYTES, 0
    while at + 8 <= len(content):
        kind, size = struct.unpack(f"{order}II", content[at : at + 8])
        data = content[at + 8 : at + 8 + size]
        total += _inflated_bytes(data) if kind == _COMPRESSED else len(data)
        at += 8 + size
    return total


def _inflated_bytes(data: bytes) -> int:
    unpacker, total = zlib.decompressobj(), 0
    while data:
        total += len(unpacker.decompress(data, 2**20))
        data = unpacker.unconsumed_tail
    return total
