"""Read an archive of NumPy arrays without unpickling anything."""

from __future__ import annotations

import io
import math
import warnings
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from infomorphic.errors import TableError
from infomorphic.estimation.arrays import frame_of_arrays

if TYPE_CHECKING:
    import pandas as pd

_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
_PICKLED = 'holds Python objects, which could run any code when they are read; save text by np.array(x, dtype="U")'


def read(content: bytes, path: Path, sheet: str | None = None) -> pd.DataFrame:
    """The arrays of an archive as columns.

    Raises:
        TableError: if an array announces more than the file has, if no array is a column, or if their lengths differ.
    """
    arrays: dict[str, np.ndarray] = {}
    left_out: dict[str, str] = {}
    # NumPy warns about headers from Python 2, but reads them correctly.
    with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        warnings.simplefilter("ignore")
        for info in archive.infolist():
            if not info.filename.endswith(".npy"):
                continue
            name = info.filename.removesuffix(".npy")
            with archive.open(info) as file:
                shape, dtype = _header(file, name, path)
            if dtype.hasobject:
                left_out[name] = _PICKLED
                continue
            # NumPy allocates what the header announces before it reads.
            if math.prod(shape) * dtype.itemsize > info.file_size or (dtype.itemsize == 0 and math.prod(shape)):
                raise TableError(f"{path} is damaged: the array {name!r} announces more than the file has.")
            with archive.open(info) as file:
                arrays[name] = np.lib.format.read_array(file, allow_pickle=False)
    return frame_of_arrays(arrays, str(path), left_out)


def _header(file: IO[bytes], name: str, path: Path) -> tuple[tuple[int, ...], np.dtype]:
    version = np.lib.format.read_magic(file)
    if version not in _HEADERS:
        raise TableError(f"{path} cannot be read as a table: the array {name!r} has version {version} of NumPy's format.")
    shape, _, dtype = _HEADERS[version](file)
    return shape, dtype
