"""Reading a pickle of arrays, as CIFAR's files are, without letting it run anything."""

import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from infomorphic.errors import DataError


def read_inert_pickle(path: Path) -> dict[str, Any]:
    """The pickled dictionary in a file, of plain values and arrays of integers; keys that are bytes become text.

    A pickle is a program that may call whatever it can name. This reader gives it only the few functions below, which
    collect what an array is made of and do nothing else; not even NumPy's own reconstruction is called.

    Raises:
        DataError: if the file cannot be read, names anything else, or holds anything but a dictionary.
    """
    try:
        with path.open("rb") as file:
            content = _InertUnpickler(file, encoding="bytes").load()
        if not isinstance(content, dict):
            raise DataError(f"{path} must hold a dictionary; it holds {type(content).__name__}.")
        return {_text(key): value.to_numpy() if isinstance(value, _Array) else value for key, value in content.items()}
    except DataError as error:
        raise DataError(f"{path} is refused: {error}") from error
    except Exception as error:  # a damaged pickle can fail in almost any way
        raise DataError(f"{path} is not a readable pickle ({error}). Delete it, and it is downloaded again.") from error


class _InertUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ALLOWED[module, name]
        except KeyError:
            raise DataError(f"it is not plain data, since it asks to run {module}.{name}.") from None


class _Dtype:
    """What stands for `numpy.dtype`: the name of the type, and the order of its bytes."""

    def __init__(self, name: bytes | str = "", *_: Any) -> None:
        self.name, self.order = _text(name), "="

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.order = _text(state[1]).replace("|", "=")

    def to_numpy(self) -> np.dtype:
        if not re.fullmatch("[iu][1248]", self.name) or self.order not in "<>=":
            raise DataError(f"an array must hold integers; it holds type {self.name!r}.")
        return np.dtype(f"{self.order}{self.name}")


class _Array:
    """What stands for an array: its shape, type and content."""

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
    # Python 3 writes bytes like this for the older protocols.
    ("_codecs", "encode"): _latin1,
    ("numpy", "dtype"): _Dtype,
    ("numpy", "ndarray"): _Array,
}
for _core in ("numpy.core", "numpy._core"):  # before and since NumPy 2
    _ALLOWED[f"{_core}.multiarray", "_reconstruct"] = _Array
    _ALLOWED[f"{_core}.numeric", "_frombuffer"] = _from_buffer
