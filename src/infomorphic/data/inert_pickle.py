"""Read a pickle of arrays, such as CIFAR's files, without running any code from it."""

import pickle
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import numpy as np

from infomorphic.errors import DataError
from infomorphic.limits import check_fits_memory
from infomorphic.quoting import quoted, shortened


def read_inert_pickle(path: Path) -> dict[str, Any]:
    """Read a pickled dictionary of plain values and arrays of integers. Keys that are bytes become text.

    A pickle is a program that may call any function that it can name. This reader provides only the few functions below, which
    collect the parts of an array and do nothing else; not even NumPy's own reconstruction is called. Memory errors would be
    another way to run code, so this uses the unpickler written in Python: no file can overflow its stack or its memo.

    Raises:
        DataError: if the file cannot be read, names any other function, or does not hold a dictionary.
    """
    try:
        size = path.stat().st_size
        check_fits_memory(2 * size, f"{path}", "The file may be damaged.", DataError)
        with path.open("rb") as file:
            content = _InertUnpickler(_Bounded(file, size), encoding="bytes").load()
        if not isinstance(content, dict):
            raise DataError(f"{path} must hold a dictionary; it holds {type(content).__name__}.")
        _check_keys(content)
        return {_text(key): value.to_numpy() if isinstance(value, _Array) else value for key, value in content.items()}
    except DataError as error:
        raise DataError(f"{path} is refused: {error}") from error
    except Exception as error:  # a damaged pickle can fail in almost any way
        raise DataError(f"{path} is not a readable pickle ({shortened(str(error))}). Delete it to download it again.") from error


class _Bounded:
    """A file that refuses requests for more bytes than it has. Otherwise space for an announced size would be allocated first."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.file, self.size = file, size

    def read(self, count: int) -> bytes:
        if not 0 <= count <= self.size:
            raise EOFError("it announces more than it has")
        return self.file.read(count)

    def readline(self) -> bytes:
        return self.file.readline()


class _InertUnpickler(pickle._Unpickler):  # type: ignore[misc, name-defined]
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise DataError(f"it is not plain data, because it asks to run {shortened(f'{module}.{name}', 100)}.") from None

    dispatch: ClassVar[dict[int, Any]] = dict(pickle._Unpickler.dispatch)  # type: ignore[attr-defined]

    # Hashing a tuple visits all of its nested content, so check the type of a key before hashing it.
    def load_setitem(self) -> None:
        value, key = self.stack.pop(), self.stack.pop()
        _put(self.stack[-1], [key], [value])

    def load_setitems(self) -> None:
        items = self.pop_mark()
        _put(self.stack[-1], items[::2], items[1::2])

    def load_dict(self) -> None:
        items = self.pop_mark()
        made: dict[Any, Any] = {}
        _put(made, items[::2], items[1::2])
        self.append(made)

    def load_build(self) -> None:
        state = self.stack.pop()
        if not isinstance(self.stack[-1], _Dtype | _Array):
            raise DataError("it is not plain data, because it changes something other than an array.")
        self.stack[-1].__setstate__(state)

    def load_refused(self) -> None:
        raise DataError("it is not plain data, because it has sets, numbers by reference or arrays of unknown size.")

    dispatch[pickle.SETITEM[0]] = load_setitem
    dispatch[pickle.SETITEMS[0]] = load_setitems
    dispatch[pickle.DICT[0]] = load_dict
    dispatch[pickle.BUILD[0]] = load_build
    for _code in (pickle.EMPTY_SET, pickle.ADDITEMS, pickle.FROZENSET, pickle.EXT1, pickle.EXT2, pickle.EXT4, pickle.NEXT_BUFFER):
        dispatch[_code[0]] = load_refused


def _put(into: Any, keys: list[Any], values: list[Any]) -> None:
    if type(into) is not dict:
        raise DataError("it is not plain data, because it puts items into something other than a dictionary.")
    _check_keys(keys)
    into.update(zip(keys, values, strict=True))


def _check_keys(keys: Iterable[Any]) -> None:
    for key in keys:
        if type(key) not in (bytes, str):
            raise DataError(f"keys must be bytes or text; got {type(key).__name__}.")


class _Dtype:
    """Replacement of `numpy.dtype`: the name of the type and the byte order."""

    def __init__(self, name: bytes | str = "", *_: Any) -> None:
        self.name, self.order = _text(name), "="

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.order = _text(state[1]).replace("|", "=")

    def to_numpy(self) -> np.dtype:
        if not re.fullmatch("[iu][1248]", self.name) or self.order not in "<>=":
            raise DataError(f"an array must hold integers; it holds type {quoted(self.name)}.")
        return np.dtype(f"{self.order}{self.name}")


class _Array:
    """Replacement of an array: its shape, type and content."""

    def __init__(self, *_: Any) -> None:
        self.parts: tuple[Any, ...] = ()

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        _, shape, dtype, is_fortran, content = state
        self.parts = shape, dtype, "F" if is_fortran else "C", content

    def to_numpy(self) -> np.ndarray:
        shape, dtype, order, content = self.parts
        return np.frombuffer(content, dtype.to_numpy()).reshape(shape, order=order)


def _from_buffer(content: bytes | bytearray, dtype: _Dtype, shape: tuple[int, ...], order: bytes | str) -> _Array:
    array = _Array()
    array.parts = shape, dtype, _text(order), content
    return array


def _latin1(text: str, *_: Any) -> bytes:
    return text.encode("latin1")


def _text(value: Any) -> str:
    return value.decode("latin1") if isinstance(value, bytes) else str(value)


_ALLOWED: dict[tuple[str, str], Callable[..., Any]] = {
    # Python 3 writes bytes in this form for older protocols.
    ("_codecs", "encode"): _latin1,
    ("numpy", "dtype"): _Dtype,
    ("numpy", "ndarray"): _Array,
}
for _core in ("numpy.core", "numpy._core"):  # before and since NumPy 2
    _ALLOWED[f"{_core}.multiarray", "_reconstruct"] = _Array
    _ALLOWED[f"{_core}.numeric", "_frombuffer"] = _from_buffer
