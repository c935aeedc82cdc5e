"""Which reader a file needs, by its first bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from infomorphic.errors import TableError
from infomorphic.estimation.reading import arrow, delimited, mat, npz, workbook
from infomorphic.estimation.reading.content import SAVE, ZIP, is_workbook, members, refuse

if TYPE_CHECKING:
    import pandas as pd


@runtime_checkable  # for runtime type checkers
class Reader(Protocol):
    """A function that reads a table from the content of a file. `path` is for messages; `sheet` is for workbooks."""

    def __call__(self, content: bytes, path: Path, sheet: str | None) -> pd.DataFrame: ...


class Format(NamedTuple):
    """A format of table files."""

    what: str
    read: Reader
    has_sheets: bool = False
    packages: tuple[str, ...] = ()
    """Optional packages that reading needs."""


def format_of(content: bytes, path: Path) -> Format:
    """The format of a file. The suffix counts only where the content has no mark of its own.

    Raises:
        TableError: if the format is not supported.
    """
    for mark, found in _SUPPORTED.items():
        if content.startswith(mark):
            return found
    if content.startswith(ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _WORKBOOK if is_workbook(members(archive)) else _NPZ
    for mark, what in _REFUSED.items():
        if content.startswith(mark):
            raise TableError(f"{path} is {what}." if ". " in what else f"{path} is {what}. {SAVE}.")
    if content[257:262] == b"ustar":
        raise TableError(f"{path} is a tar archive. Unpack it, and pass the file with the table.")
    suffix = path.suffix.lower()
    if suffix == ".mat" and b"\0" in content[:20]:  # MATLAB 4 has no mark
        return _MAT
    if suffix in _MARKED_SUFFIXES:
        refuse(path, f"its content is not that of a {path.suffix} file.")
    return _CSV


_CSV = Format("a text file", delimited.read)
_WORKBOOK = Format("an Excel workbook", workbook.read, has_sheets=True, packages=("openpyxl",))
_NPZ = Format("an archive of NumPy arrays", npz.read)
_MAT = Format("a MATLAB file", mat.read)
_SUPPORTED = {
    b"PAR1": Format("a Parquet file", arrow.read_parquet, packages=("pyarrow",)),
    b"ARROW1": Format("a Feather file", arrow.read_feather, packages=("pyarrow",)),
    b"MATLAB 5.0 MAT-file": _MAT,
}
"""First bytes of formats that this package reads. Zip archives and text have no such mark of their own."""

_HDF5 = "an HDF5 file. Save its table as CSV (text in UTF-8) or Parquet; in MATLAB, save it with save('FILE.mat', '-v7')"
_PICKLE = "a Python pickle, which could run any code when it is read. Save it as CSV, Parquet or NPZ"
_REFUSED = {
    b"\x89HDF\r\n\x1a\n": _HDF5,
    b"MATLAB 7.3 MAT-file": "a MATLAB 7.3 file, which is HDF5. Save it with save('FILE.mat', '-v7') in MATLAB, or as CSV by writetable",
    b"\x93NUMPY": "a single NumPy array without column names. Save one array per column: np.savez('FILE.npz', stimulus=…, spike=…)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls), a workbook with a password, or another old Office file. Save it as .xlsx without a "
    "password, or as CSV",
    b"SQLite format 3\0": "an SQLite database",
    b"\x28\xb5\x2f\xfd": "a file compressed by zstd",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"$FL2@(#)": "an SPSS file",
    b"<stata_dta>": "a Stata file",
    b"RDX2\n": "an R workspace",
    b"RDX3\n": "an R workspace",
    b"X\n\0\0\0": "an R object",
    b"\x80\x02": _PICKLE,
    b"\x80\x03": _PICKLE,
    b"\x80\x04": _PICKLE,
    b"\x80\x05": _PICKLE,
    b"%PDF-": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"FEA1": "a Feather file of version 1",
    b"Obj\x01": "an Avro file",
}
"""First bytes of files that this package does not read, and what such files are, with what to do if it is not `SAVE`."""

_MARKED_SUFFIXES = (".parquet", ".pq", ".feather", ".arrow", ".xlsx", ".npz", ".mat")
"""Suffixes of formats whose content begins with a mark."""
