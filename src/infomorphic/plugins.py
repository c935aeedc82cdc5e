"""Find objects by name: built-in, from an installed package, or from a user's file. All kinds of objects use this module.

A name is one of
- the name of a built-in module; a module added to its package is found without editing a list;
- the name of an entry point of an installed package, in the group of its kind, such as `infomorphic.presets`;
- `FILE.py:NAME`, an object in a Python file. Loading it runs the file.
"""

import hashlib
import importlib
import importlib.metadata
import importlib.util
import pkgutil
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from infomorphic.errors import PluginError, did_you_mean

_REFERENCE = re.compile(r"(?P<file>.+\.py):(?P<name>[^\W\d]\w*)")


def modules_in(package: str) -> Iterator[tuple[str, str, ModuleType]]:
    """For every module of a package, sorted by name: its name with hyphens, the first line of its docstring, and the module."""
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        module = importlib.import_module(f"{package}.{info.name}")
        yield info.name.replace("_", "-"), first_line(module), module


def first_line(thing: Any) -> str:
    """The first line of a docstring; empty if there is none."""
    return next(iter((thing.__doc__ or "").strip().splitlines()), "")


def installed(group: str) -> dict[str, importlib.metadata.EntryPoint]:
    """The entry points of installed packages in a group, by name, without loading them."""
    return {point.name: point for point in importlib.metadata.entry_points(group=group)}


def load_installed(point: importlib.metadata.EntryPoint) -> Any:
    """Load the object of an entry point.

    Raises:
        PluginError: if it cannot be imported.
    """
    try:
        return point.load()
    except Exception as error:
        raise PluginError(f"{point.group} {point.name!r} ({point.value}) cannot be imported: {type(error).__name__}: {error}") from error


def is_reference(name: str) -> bool:
    """Whether a name has the form `FILE.py:NAME`."""
    return _REFERENCE.fullmatch(name) is not None


def absolute(reference: str) -> str:
    """Make the path in a reference absolute, so that it works from any folder. Return any other name unchanged."""
    found = _REFERENCE.fullmatch(reference)
    return f"{Path(found['file']).expanduser().resolve()}:{found['name']}" if found else reference


def file_of(reference: str) -> Path:
    """The file of a reference."""
    found = _REFERENCE.fullmatch(reference)
    assert found is not None, reference
    return Path(found["file"])


def short(reference: str) -> str:
    """A reference in a form for file names, such as `my_network-build`. Return any other name unchanged."""
    found = _REFERENCE.fullmatch(reference)
    return f"{Path(found['file']).stem}-{found['name']}" if found else reference


def checksum(reference: str) -> str:
    """The SHA-256 of the file of a reference.

    Raises:
        PluginError: if the file cannot be read.
    """
    return hashlib.sha256(_read(file_of(reference))).hexdigest()


def load(reference: str) -> Any:
    """Load the object `FILE.py:NAME`. The file runs once per content and, like a script, can import from its folder.

    Raises:
        PluginError: if the file cannot be read or run, or does not define this name.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise PluginError(f"a reference must be written FILE.py:NAME; got {reference!r}.")
    path = Path(found["file"]).expanduser().resolve()
    module = _module(path)
    if not hasattr(module, found["name"]):
        public = sorted(name for name in vars(module) if not name.startswith("_"))
        raise PluginError(f"{path} does not define {found['name']!r}.{did_you_mean(found['name'], public)}")
    return getattr(module, found["name"])


def _module(path: Path) -> ModuleType:
    content = _read(path)
    name = f"infomorphic_file_{path.stem}_{hashlib.sha256(str(path).encode() + content).hexdigest()[:16]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # before running the file, as in any import: dataclasses and pickles look up their module
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else (lines or [None])[-1]
        where = f"{path}, line {line}" if line is not None else str(path)
        raise PluginError(f"{where}: {type(error).__name__}: {error}") from error
    return module


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PluginError(f"{path} cannot be read: {error.strerror or error}.") from error
