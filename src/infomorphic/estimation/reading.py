"""Read table files: CSV (plain or compressed), Parquet and Feather. The content of a file determines its format, not its name.

Nothing is guessed silently: an ambiguous file raises an error that says what to do.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import re
import shlex
import zipfile
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import numpy as np

from infomorphic.errors import TableError
from infomorphic.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_MOST_BYTES = 2**32  # of the unpacked file
_SAVE = "Save it as CSV (text in UTF-8) or Parquet"
_FORMATS = {
    b"\x89HDF\r\n\x1a\n": "an HDF5 file (MATLAB 7.3 writes these too)",
    b"MATLAB 5.0 MAT-file": "a MATLAB file",
    b"\x93NUMPY": "a NumPy array",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook, or another old Office file",
    b"SQLite format 3\0": "an SQLite database",
    b"\x28\xb5\x2f\xfd": "a file compressed by zstd",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"$FL2@(#)": "an SPSS file",
    b"<stata_dta>": "a Stata file",
    b"RDX2\n": "an R workspace",
    b"RDX3\n": "an R workspace",
    b"X\n\0\0\0": "an R object",
    b"\x80\x02": "a Python pickle",
    b"\x80\x03": "a Python pickle",
    b"\x80\x04": "a Python pickle",
    b"\x80\x05": "a Python pickle",
    b"%PDF-": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"FEA1": "a Feather file of version 1",
    b"Obj\x01": "an Avro file",
}
"""First bytes of files that this reader does not support, and what such files are."""

_UNICODE = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\xef\xbb\xbf": "utf-8-sig",
}
"""The encoding of each byte-order mark, longer marks first."""

# `;` and tab first: if they separate the fields, commas are part of numbers or text.
_SEPARATORS = (";", "\t", ",", "|", " ")
_DECIMAL_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_MISSING = {
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


def read_table(path: Path | str) -> pd.DataFrame:
    """The table in a CSV, Parquet or Feather file; CSV may be compressed by gzip, bzip2, xz or zip.

    CSV has a header, and its fields are separated by commas, semicolons, tabs, bars or spaces. Numbers have decimal points. If
    commas do not separate fields, they may have decimal commas. A first column without a name in the header, as written by R's
    `write.table`, holds row names and is left out. Text is UTF-8 or has a byte-order mark.

    Raises:
        TableError: if the file does not exist, has another format or no rows, a row and the header have different numbers of fields, or
            a column name is repeated.
    """
    path = Path(path)
    if not path.is_file():
        raise TableError(f"there is no file {path}." if not path.exists() else f"{path} is not a file.")
    content = _unpacked(path.read_bytes(), path)
    try:
        frame = _parsed(content, path)
    except TableError:
        raise
    except Exception as error:  # pandas and pyarrow raise many types, which all mean the same to the user
        _refuse(path, " ".join(str(error).split())[:300])
    if frame.empty:
        raise TableError(f"{path} has no rows.")
    return frame


def _refuse(path: Path, reason: str) -> NoReturn:
    raise TableError(f"{path} cannot be read as a table: {reason}")


def _unpacked(content: bytes, path: Path) -> bytes:
    """The decompressed content."""
    if not content.strip():
        raise TableError(f"{path} is empty.")
    for magic, opener in ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open)):
        if content.startswith(magic):
            try:
                with opener(io.BytesIO(content)) as file:
                    return _unpacked(_bounded(file, path), path)
            except (OSError, EOFError, lzma.LZMAError, ValueError) as error:
                _refuse(path, f"its compressed content is damaged ({error}).")
    if content.startswith(b"PK\x03\x04"):
        return _unpacked(_member(content, path), path)
    return content


def _bounded(file: IO[bytes] | io.BufferedIOBase, path: Path) -> bytes:
    content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise TableError(f"{path} must have at most {_MOST_BYTES >> 30} GiB when unpacked. Leave out columns that are not needed.")
    return content


def _member(content: bytes, path: Path) -> bytes:
    """The only file of a zip archive; office documents and NumPy's archives are zip files too."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [n for n in archive.namelist() if not n.endswith("/") and not n.startswith("__MACOSX/")]
            if "[Content_Types].xml" in names:
                raise TableError(
                    f"{path} is an Excel workbook or another Office file. {_SAVE}: one sheet, with the header in its first row."
                )
            if "mimetype" in names and "content.xml" in names:
                raise TableError(f"{path} is an OpenDocument spreadsheet. {_SAVE}: one sheet, with the header in its first row.")
            if names and all(n.endswith(".npy") for n in names):
                raise TableError(f"{path} is an archive of NumPy arrays. {_SAVE}, or pass its arrays to `decompose_samples` in Python.")
            if len(names) != 1:
                raise TableError(
                    f"{path} must be a zip archive of one file; it has {len(names)}. Unpack it, and pass the file with the table."
                )
            with archive.open(names[0]) as file:
                return _bounded(file, path)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as error:
        _refuse(path, f"its compressed content is damaged or encrypted ({error}).")


def _parsed(content: bytes, path: Path) -> pd.DataFrame:
    import pandas as pd

    if content.startswith(b"PAR1"):
        return _with_index(pd.read_parquet(io.BytesIO(content)))
    if content.startswith(b"ARROW1"):
        return _with_index(pd.read_feather(io.BytesIO(content)))
    for magic, what in _FORMATS.items():
        if content.startswith(magic):
            raise TableError(f"{path} is {what}. {_SAVE}.")
    if content[257:262] == b"ustar":
        raise TableError(f"{path} is a tar archive. Unpack it, and pass the file with the table.")
    if path.suffix.lower() in (".parquet", ".pq", ".feather", ".arrow"):
        _refuse(path, f"its content is not that of a {path.suffix} file.")
    text = _decoded(content, path)
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise TableError(f"{path} is a web page or XML, not a table. {_SAVE}.")
    if _is_json(text):
        raise TableError(f"{path} is JSON. {_SAVE}.")
    return _csv(text, path)


def _with_index(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with a named index turned back into a column."""
    return frame.reset_index() if any(name is not None for name in frame.index.names) else frame


def _decoded(content: bytes, path: Path) -> str:
    encoding = next((name for mark, name in _UNICODE.items() if content.startswith(mark)), None)
    if encoding is None and b"\0" in content[:4096]:
        # UTF-16 without a byte-order mark: in text of a European language, every other byte is zero.
        even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
        if max(even, odd) < 4 * min(even, odd) or max(even, odd) < len(content[:4096]) / 3:
            raise _binary(path)
        encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding is not None:
            _refuse(path, f"it is not valid text in {encoding.upper()} ({error.reason}).")
        line = content[: error.start].count(b"\n") + 1
        raise TableError(
            f"{path} must be text in UTF-8; line {line} holds the byte 0x{content[error.start]:02x}, as in a Windows encoding. Save it "
            f"as CSV in UTF-8, or convert it: iconv -f cp1252 -t utf-8 {shlex.quote(str(path))} > new.csv"
        ) from error
    if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text[:4096]):
        raise _binary(path)
    return text


def _binary(path: Path) -> TableError:
    return TableError(f"{path} is a binary file of an unknown format. {_SAVE}.")


def _is_json(text: str) -> bool:
    for part in (text, text.lstrip().partition("\n")[0]):
        if part.lstrip()[:1] in ("{", "["):
            try:
                json.loads(part)
            except (ValueError, RecursionError):
                continue
            return True
    return False


def _csv(text: str, path: Path) -> pd.DataFrame:
    text = text.lstrip("\r\n")
    separator = None
    # Excel may name the separator in a first line.
    if said := re.match(r"sep=(.)\r?\n", text):
        separator, text = said.group(1), text[said.end() :]
    separator = separator or _separator(text)
    header, skipped_first, skipped_last = _header(text, separator, path)
    names = [*([""] if skipped_first else []), *header, *([""] if skipped_last else [])]
    frame = _frame(text, separator, len(names), ".")
    if separator != ",":
        frame = _with_decimal_commas(frame, text, separator, header, path)
    frame = frame.iloc[:, int(skipped_first) : len(names) - int(skipped_last)]
    frame.columns = header
    # Spreadsheets may leave empty columns.
    kept = [i for i, name in enumerate(header) if name or frame.iloc[:, i].notna().any()]
    frame = frame.iloc[:, kept]
    # pandas would silently rename a repeated column.
    twice = sorted({name for name in frame.columns if list(frame.columns).count(name) > 1})
    if twice:
        which = f"named {twice[0]!r}" if twice[0] else "without a name"
        raise TableError(f"{path} has more than one column {which}; rename them.")
    return frame


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """The fields of each non-blank row."""
    return (record for record in _all_records(text, separator) if any(record))


def _all_records(text: str, separator: str) -> Iterator[list[str]]:
    """The fields of each line. A blank line has no fields or only empty ones."""
    lines = io.StringIO(text, newline="")
    # Consecutive spaces are one separator; trailing spaces are ignored.
    source = (line.strip(" \r\n") + "\n" for line in lines) if separator == " " else lines
    return csv.reader(source, delimiter=separator, skipinitialspace=True, strict=True)


def _separator(text: str) -> str:
    """The separator of the fields: the one in the header that splits the rows into the same number of fields."""
    best, best_score = ",", (0.0, 0)
    for separator in _SEPARATORS:
        try:
            header, *rows = islice(_records(text, separator), 200)
        except (csv.Error, ValueError):
            continue
        fits = sum(len(row) in (len(header), len(header) + 1) for row in rows) / max(1, len(rows))
        # Spaces count as part of the names unless they split every row into the same number of fields.
        if len(header) < 2 or (separator == " " and (fits < 1 or best_score > (0.0, 0))):
            continue
        if (fits, len(header)) > best_score:
            best, best_score = separator, (fits, len(header))
    return best


def _header(text: str, separator: str, path: Path) -> tuple[list[str], bool, bool]:
    """The names of the columns, and whether the rows have an unnamed first or last field, which is not a column.

    Raises:
        TableError: if a row has a different number of fields.
    """
    records = _records(text, separator)
    try:
        header = [name.strip() for name in next(records)]
        lengths: set[int] = set()
        first_fields, last_is_empty = set(), True
        count = 0
        for count, record in enumerate(records, 1):
            extra = len(record) - len(header)
            lengths.add(extra)
            if extra not in (0, 1) or len(lengths) > 1:
                _refuse(
                    path,
                    f"every row must have {len(header)} fields, one per name in the header; row {count} below it has {len(record)}: "
                    f"{quoted(separator.join(record))}. Correct the row: text that contains a separator needs quotation marks, and comments "
                    "are not supported.",
                )
            if extra:
                first_fields.add(record[0])
                last_is_empty &= not record[-1].strip()
    except csv.Error as error:
        _refuse(path, f"{error}. Look for a quotation mark that is not closed.")
    except StopIteration:
        raise TableError(f"{path} is empty.") from None
    if lengths != {1}:
        return header, False, False
    if last_is_empty:
        return header, False, True
    # R writes distinct row names: the numbers from 1, by default in quotation marks, or text. If there are few rows and no quotation
    # marks, they may also be the first halves of numbers with decimal commas.
    certain = count >= 10 or text.splitlines()[1].startswith('"')
    numbered = certain and first_fields == {str(i) for i in range(1, count + 1)}
    if len(first_fields) == count and (numbered or not any(re.fullmatch(r"[+-]?[\d.,]+", f) for f in first_fields)):
        return header, True, False
    _refuse(
        path,
        f"every row must have {len(header)} fields, one per name in the header; the rows have {len(header) + 1}. "
        "Name every column; if commas separate the fields, write numbers with decimal points.",
    )


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
        na_values=sorted(_MISSING),
        keep_default_na=False,
        # Columns of whole numbers with missing entries stay whole.
        dtype_backend="numpy_nullable",
        low_memory=False,
        **exact,
    )
    found = _without_blank_rows(found, text, separator)
    return pd.DataFrame({i: _native(found.iloc[:, i]) for i in range(len(found.columns))}, index=found.index)


def _without_blank_rows(frame: pd.DataFrame, text: str, separator: str) -> pd.DataFrame:
    """The rows that hold more than separators. A row of NA has missing values and is kept."""
    if not frame.isna().all(axis=1).any():
        return frame
    has_text = [any(record) for record in _all_records(text, separator) if record][1:]
    if len(has_text) != len(frame):  # there are lines of white space
        has_text = [some for some in has_text if some]
    return frame.iloc[np.flatnonzero(has_text)].reset_index(drop=True) if len(has_text) == len(frame) else frame


def _native(column: pd.Series) -> pd.Series:
    """Convert a column to a NumPy type if it can hold all its values, and strip white space around text."""
    import pandas as pd

    kind = getattr(column.dtype, "kind", "O")
    if kind == "f":
        return column.astype("float64")
    if kind in "iub":
        return column if column.isna().any() else pd.Series(column.to_numpy(dtype=column.dtype.numpy_dtype), index=column.index)
    text = column.astype(object)
    stripped = text.map(str.strip, na_action="ignore")
    return stripped.mask(stripped.isin(_MISSING), pd.NA)


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
