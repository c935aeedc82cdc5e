"""Read the variables of a MATLAB file of versions 5 to 7: numbers, logical values and text.

SciPy reads these files too, but damaged ones end its process without a message.

Source: MAT-File Format, The MathWorks, "Level 5 MAT-File Format".
"""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

_HEADER_BYTES = 128
_NUMBERS = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
"""NumPy's type for each type of data."""
_ENCODINGS = {1: "latin-1", 2: "latin-1", 4: "utf-16", 16: "utf-8", 17: "utf-16", 18: "utf-32"}
_MATRIX, _COMPRESSED = 14, 15
_CELL, _CHAR = 1, 4
_CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8", 15: "u8"}
"""NumPy's type for each class of numbers. Numbers may be stored in a smaller type."""
_COMPLEX, _LOGICAL = 0x08, 0x02

_OBJECT = "is a MATLAB object, such as a table, string or categorical; save the table as CSV by writetable, or text by cellstr"
_NOT_COLUMNS = {
    2: "is a struct; save its fields as variables: save('FILE.mat', '-struct', 'NAME')",
    3: _OBJECT,
    5: "is a sparse matrix; save full(x)",
    16: "is a function",
    17: _OBJECT,
}


class DamagedFileError(ValueError):
    """An element of the file does not have the size that it announces."""


class TooLargeError(ValueError):
    """The variables are larger than allowed when unpacked."""


class Variable(NamedTuple):
    """A variable: an array or, if it cannot be a column, why."""

    name: str
    array: np.ndarray | None
    reason: str = ""


class _Element(NamedTuple):
    kind: int
    data: memoryview


def variables_of(content: bytes, most_bytes: int) -> Iterator[Variable]:
    """The variables of a file.

    Raises:
        DamagedFileError: if the file is damaged.
        TooLargeError: if more than `most_bytes` would have to be unpacked.
    """
    order = {b"IM": "<", b"MI": ">"}.get(content[126:128])
    if order is None:
        raise DamagedFileError("its header names no byte order")
    left = most_bytes
    for element in _elements(memoryview(content)[_HEADER_BYTES:], order):
        data = element.data
        if element.kind == _COMPRESSED:
            unpacked = _inflated(data, left)
            left -= len(unpacked)
            element = next(_elements(memoryview(unpacked), order), element)
        if element.kind == _MATRIX and (variable := _variable(element.data, order)).name:  # without a name: data of MATLAB's own
            yield variable


def _inflated(data: memoryview, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(data, most + 1)
    except zlib.error as error:
        raise DamagedFileError(str(error)) from error
    if len(unpacked) > most:
        raise TooLargeError
    return unpacked


def _elements(data: memoryview, order: str) -> Iterator[_Element]:
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from(f"{order}II", data, at)
        start, end = at + 8, at + 8 + size
        following = end
        if kind >> 16:  # up to four bytes of data beside their type
            kind, size = kind & 0xFFFF, kind >> 16
            start, end, following = at + 4, at + 4 + size, at + 8
            if size > 4:
                raise DamagedFileError("a short element is too long")
        elif kind != _COMPRESSED:
            following = end + -size % 8
        if end > len(data):
            raise DamagedFileError("it ends too early")
        yield _Element(kind, data[start:end])
        at = following


def _variable(matrix: memoryview, order: str) -> Variable:
    parts = _elements(matrix, order)
    try:
        flags = _numbers(next(parts), order)
        kind, marks = int(flags[0]) & 0xFF, int(flags[0]) >> 8
        shape = () if kind == 17 else tuple(int(n) for n in _numbers(next(parts), order))
        name = bytes(next(parts).data).decode("utf-8", "replace")
        if kind in _NOT_COLUMNS or marks & _COMPLEX:
            return Variable(name, None, _NOT_COLUMNS.get(kind, "holds complex numbers").replace("NAME", name))
        if any(n < 0 for n in shape) or math.prod(shape) > len(matrix):
            raise DamagedFileError(f"the variable {name!r} announces more than the file has")
        if kind == _CELL:
            texts = [_variable(part.data, order).array for part in parts]
            if len(texts) != math.prod(shape) or any(t is None or t.dtype.kind != "U" or t.size > 1 for t in texts):
                return Variable(name, None, "is a cell array, but not one column of character vectors")
            entries = np.array([str(t.item()) if t is not None and t.size else "" for t in texts], dtype=object)
            return Variable(name, entries.reshape(shape, order="F"))
        if kind == _CHAR:
            return Variable(name, _rows_of_text(next(parts, _Element(16, memoryview(b""))), shape, order))
        if kind not in _CLASSES:
            raise DamagedFileError(f"the variable {name!r} has the unknown class {kind}")
        values = _numbers(next(parts), order)
    except (StopIteration, IndexError) as error:
        raise DamagedFileError("a variable ends too early") from error
    if len(values) != math.prod(shape):
        raise DamagedFileError(f"the variable {name!r} has {len(values)} values for the shape {shape}")
    return Variable(name, values.astype(bool if marks & _LOGICAL else _CLASSES[kind]).reshape(shape, order="F"))


def _numbers(element: _Element, order: str) -> np.ndarray:
    if element.kind not in _NUMBERS:
        raise DamagedFileError(f"the type {element.kind} is not one of numbers")
    dtype = np.dtype(order + _NUMBERS[element.kind])
    if len(element.data) % dtype.itemsize:
        raise DamagedFileError("it ends within a number")
    return np.frombuffer(element.data, dtype=dtype)


def _rows_of_text(element: _Element, shape: tuple[int, ...], order: str) -> np.ndarray:
    """The rows of a character array, without the spaces that fill them."""
    encoding = _ENCODINGS.get(element.kind)
    if encoding is None:
        raise DamagedFileError(f"the type {element.kind} is not one of text")
    suffix = {"<": "-le", ">": "-be"}[order] if encoding in ("utf-16", "utf-32") else ""
    letters = list(bytes(element.data).decode(encoding + suffix))
    if len(letters) != math.prod(shape) or len(shape) != 2:
        raise DamagedFileError(f"{len(letters)} characters do not have the shape {shape}")
    rows = np.array(letters, dtype="U1").reshape(shape, order="F")
    return np.array(["".join(row).rstrip(" ") for row in rows], dtype="U")
