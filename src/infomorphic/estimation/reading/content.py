"""The bytes of a file, decompressed and of bounded size."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from infomorphic.errors import TableError

MOST_BYTES = 2**32
"""Maximum size of the unpacked file."""
SAVE = "Save it as CSV (text in UTF-8) or Parquet"

_COMPRESSIONS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))
ZIP = b"PK\x03\x04"


def refuse(path: Path, reason: str) -> NoReturn:
    """Raise `TableError` for a file of a known format that cannot be read."""
    raise TableError(f"{path} cannot be read as a table: {reason}")


def check_size(num_bytes: int, path: Path) -> None:
    """Raise `TableError` if the unpacked content is too large. Call it before the content is unpacked."""
    if num_bytes > MOST_BYTES:
        raise TableError(f"{path} must have at most {MOST_BYTES >> 30} GiB when unpacked. Leave out columns that are not needed.")


def unpacked(content: bytes, path: Path) -> bytes:
    """The decompressed content. Archives that are themselves a format, such as workbooks, stay as they are.

    Raises:
        TableError: if the content is empty, damaged, encrypted or too large, or a zip archive of several files.
    """
    if not content.strip():
        raise TableError(f"{path} is empty.")
    for magic, opener in _COMPRESSIONS:
        if content.startswith(magic):
            try:
                with opener(io.BytesIO(content)) as file:
                    return unpacked(_bounded(file.read, path), path)
            except (OSError, EOFError, lzma.LZMAError, zlib.error, ValueError) as error:
                if isinstance(error, TableError):
                    raise
                refuse(path, f"its compressed content is damaged ({error}).")
    if content.startswith(ZIP):
        return _unzipped(content, path)
    return content


def _bounded(read: Callable[[int], bytes], path: Path) -> bytes:
    content = read(MOST_BYTES + 1)
    check_size(len(content), path)
    return content


def _unzipped(content: bytes, path: Path) -> bytes:
    """The only file of a zip archive, or the archive itself if it is a workbook or an archive of arrays."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_size(sum(info.file_size for info in archive.infolist()), path)
            names = members(archive)
            if is_workbook(names) or _is_npz(names):
                return content
            if "[Content_Types].xml" in names:
                raise TableError(f"{path} is an Office file, but no Excel workbook of the format .xlsx. {SAVE}.")
            if "mimetype" in names and "content.xml" in names:
                raise TableError(f"{path} is an OpenDocument file. Save it as .xlsx or CSV, with the header in the first row.")
            if len(names) != 1:
                raise TableError(
                    f"{path} must be a zip archive of one file; it has {len(names)}. Unpack it, and pass the file with the table."
                )
            with archive.open(names[0]) as file:
                inner = _bounded(file.read, path)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        refuse(path, f"its compressed content is damaged or encrypted ({error}).")
    return unpacked(inner, path)


def members(archive: zipfile.ZipFile) -> list[str]:
    """The names of the files in an archive, without folders and what macOS adds."""
    return [n for n in archive.namelist() if not n.endswith("/") and not n.startswith("__MACOSX/")]


def is_workbook(names: list[str]) -> bool:
    """Whether a zip archive of these files is an Excel workbook."""
    return "[Content_Types].xml" in names and "xl/workbook.xml" in names


def _is_npz(names: list[str]) -> bool:
    """Whether a zip archive of these files is NumPy's."""
    return bool(names) and all(n.endswith(".npy") for n in names)
