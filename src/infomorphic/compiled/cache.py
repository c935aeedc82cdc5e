"""numba's cache of compiled code on disk: stale code, damaged code, and no writable folder."""

import pickle
import warnings
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba
from numba import typeof

from infomorphic.compiled.private_numba import FunctionCache, IndexDataCacheFile, NullCache
from infomorphic.errors import InfomorphicWarning

_DIGEST = sha256().digest_size
# Files that are compiled into every function, or that define how functions are compiled.
_OWN = sorted(Path(__file__).parent.glob("*.py"))


def cached_njit(files: Iterable[str | Path] = (), **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """`numba.njit` with options, with a disk cache if a folder is writable.

    The cached code is stale when the file of the function, one of `files` or a file of this package changes.
    A truncated or changed cache file is deleted, and the function is compiled again. If no folder is writable, every process compiles
    for itself and gives an `InfomorphicWarning`.
    """

    def decorated(function: Callable[..., Any]) -> Any:
        dispatcher: Any = numba.njit(**options)(function)
        try:
            dispatcher._cache = _CheckedCache(function, files)
        except RuntimeError:  # numba found no writable folder
            dispatcher._cache = _NoCache()
        return dispatcher

    return decorated


def has_code(function: Any, arguments: Sequence[Any]) -> bool:
    """Whether this process or the disk cache has the code of a compiled function for arguments of these types."""
    signature = tuple(typeof(argument) for argument in arguments)
    if signature in function.overloads:
        return True
    try:
        # numba has no public function for this.
        cache = function._cache
        return cache._index_key(signature, function.targetctx.codegen()) in cache._cache_file._load_index()
    except (AttributeError, OSError):
        return False


class _NoCache(NullCache):
    """A cache without a folder, which stores nothing."""

    def load_overload(self, sig: Any, target_context: Any) -> None:
        _warn("no folder for compiled code is writable, so every process compiles again")


class _CheckedCache(FunctionCache):
    """numba's cache with a digest in every file, because damaged machine code would crash the process without a message."""

    def __init__(self, function: Callable[..., Any], files: Iterable[str | Path]):
        super().__init__(function)
        unchecked: Any = self._cache_file
        stamp = (unchecked._source_stamp, *(_stamp(Path(file)) for file in (*_OWN, *files)))
        self._cache_file = _CheckedFiles(unchecked._cache_path, self._impl.filename_base, stamp)

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except OSError as error:  # such as a full disk: only this process has the code
            _warn(f"compiled code cannot be kept in {self.cache_path} ({error.strerror or error})")


class _CheckedFiles(IndexDataCacheFile):
    """The index and the data of a function, each preceded by a digest of its content."""

    def __init__(self, cache_path: str, filename_base: str, source_stamp: Any):
        super().__init__(cache_path, filename_base, source_stamp)
        # Keeps files with a digest apart from numba's own files, such as those of earlier versions.
        self._index_name = f"{filename_base}.checked.nbi"
        self._index_path = str(Path(cache_path) / self._index_name)
        self._data_name_pattern = f"{filename_base}.checked.{{number:d}}.nbc"

    def _load_index(self) -> dict[Any, str]:
        content = _read(Path(self._index_path))
        if content is None:
            return {}
        version, stamp, overloads = content
        return overloads if version == self._version and stamp == self._source_stamp else {}

    def _save_index(self, overloads: dict[Any, str]) -> None:
        self._save(self._index_path, (self._version, self._source_stamp, overloads))

    def _load_data(self, name: str) -> Any:
        return _read(Path(self._data_path(name)))

    def _save_data(self, name: str, data: Any) -> None:
        self._save(self._data_path(name), data)

    def _save(self, path: str, content: Any) -> None:
        pickled = self._dump(content)
        with self._open_for_write(path) as file:
            file.write(_digest(pickled) + pickled)


def _read(path: Path) -> Any:
    """The content of a file; None if it does not exist or is damaged. A damaged file is deleted."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, pickled = content[:_DIGEST], content[_DIGEST:]
    if _digest(pickled) == digest:
        # This package wrote the file. Whoever can write to the user's cache could run code anyway.
        return pickle.loads(pickled)
    with suppress(OSError):
        path.unlink()
    return None


def _stamp(file: Path) -> str:
    """A digest of a source file. Empty if the file cannot be read, which matters only to those who edit it."""
    try:
        return sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def _digest(content: bytes) -> bytes:
    """Digest of the content and of numba's version, because versions cannot read each other's files."""
    return sha256(f"numba {numba.__version__}".encode() + content).digest()


_told: set[str] = set()


def _warn(what: str) -> None:
    """Warn once per process."""
    if what not in _told:
        _told.add(what)
        message = f"{what}. Set the environment variable NUMBA_CACHE_DIR to a writable folder."
        warnings.warn(InfomorphicWarning(message), stacklevel=2)
