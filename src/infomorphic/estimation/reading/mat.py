"""Read the variables of a MATLAB file up to version 7."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from infomorphic.errors import TableError
from infomorphic.estimation.arrays import frame_of_arrays
from infomorphic.estimation.reading import content as limits
from infomorphic.estimation.reading.content import check_size, refuse
from infomorphic.estimation.reading.matlab5 import DamagedFileError, TooLargeError, Variable, variables_of
from infomorphic.extras import missing

if TYPE_CHECKING:
    import pandas as pd


def read(content: bytes, path: Path, sheet: str | None = None) -> pd.DataFrame:
    """The variables as columns: vectors of numbers, logical values or text (a cell array of character vectors), and matrices.

    Raises:
        TableError: if the file is damaged or too large when unpacked, if no variable is a column, or if their lengths differ.
    """
    arrays: dict[str, np.ndarray] = {}
    left_out: dict[str, str] = {}
    try:
        found = variables_of(content, limits.MOST_BYTES) if content.startswith(b"MATLAB 5.0") else _of_version_4(content)
        for variable in found:
            if variable.array is None:
                left_out[variable.name] = variable.reason
            else:
                arrays[variable.name] = _vector(variable.array)
    except DamagedFileError as error:
        refuse(path, f"it is damaged: {error}.")
    except TooLargeError:
        check_size(limits.MOST_BYTES + 1, path)
    return frame_of_arrays(arrays, str(path), left_out)


def _of_version_4(content: bytes) -> Iterator[Variable]:
    """The variables of a file before 1996, which other programs still write. It is not compressed, so its size bounds the arrays."""
    if problem := missing("a MATLAB file of version 4", "scipy", extra="tables"):
        raise TableError(problem)
    from scipy.io import loadmat

    for name, array in loadmat(io.BytesIO(content), chars_as_strings=True).items():
        if not name.startswith("__"):
            is_array = isinstance(array, np.ndarray)
            yield Variable(name, array if is_array else None, "" if is_array else "is a sparse matrix; save full(x)")


def _vector(array: np.ndarray) -> np.ndarray:
    """An array of one row or one column as one dimension. MATLAB has no arrays of one dimension."""
    return array.reshape(-1) if array.ndim == 2 and 1 in array.shape else array
