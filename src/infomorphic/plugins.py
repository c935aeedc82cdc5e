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
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from infomorphic.errors import InfomorphicError, PluginError, did_you_mean

# A colon separates, so no path has one, except behind the letter of a drive.
_FORM = r"(?:[A-Za-z]:[\\/])?[^:]+\.py:[^\W\d]\w*"
_REFERENCE = re.compile(_FORM)
# Within a longer text: `section.field=FILE.py:NAME`, `PRESET:FILE.py:NAME`, and `FILE.py:NAME:GOAL`.
_WITHIN = re.compile(rf"(?P<before>(?:\w+\.)+\w+=|[\w-]{{2,}}:)?(?P<reference>{_FORM})(?P<after>:.+|\+\w+)?")


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


def _load_installed(point: importlib.metadata.EntryPoint) -> Any:
    """Load the object of an entry point.

    Raises:
        PluginError: if it cannot be imported.
    """
    try:
        return point.load()
    except Exception as error:
        raise PluginError(f"{point.group} {point.name!r} ({point.value}) cannot be imported: {type(error).__name__}: {error}") from error


def find(name: str, group: str) -> Any | None:
    """What `FILE.py:NAME` names, or an entry point of a group; None if it is neither.

    Raises:
        PluginError: if the file or the package cannot be loaded.
    """
    if is_reference(name):
        return load(name)
    point = installed(group).get(name)
    return None if point is None else _load_installed(point)


def is_reference(name: str) -> bool:
    """Whether a name has the form `FILE.py:NAME`."""
    return _REFERENCE.fullmatch(name) is not None


def absolute(reference: str) -> str:
    """Make the path in a reference absolute, so that it works from any folder. Return any other name unchanged."""
    if not is_reference(reference):
        return reference
    file, _, name = reference.rpartition(":")
    return f"{Path(file).expanduser().resolve()}:{name}"


def absolute_within(text: str) -> str:
    """As `absolute`, also for a reference in a text such as `section.field=FILE.py:NAME`, `FILE.py:NAME:GOAL` or `FILE.py:NAME+WORD`."""
    found = _WITHIN.fullmatch(text)
    return f"{found['before'] or ''}{absolute(found['reference'])}{found['after'] or ''}" if found else text


def references_in(text: str) -> list[str]:
    """The reference in a text of one of these forms; empty if there is none."""
    found = _WITHIN.fullmatch(text)
    return [found["reference"]] if found else []


def parted(text: str) -> tuple[str, str | None]:
    """A name and what stands after a colon behind it, None without a colon: `NAME:REST`, where the name may be `FILE.py:NAME`."""
    if (found := _WITHIN.fullmatch(text)) and not found["before"]:
        return found["reference"], found["after"][1:] if found["after"] else None
    name, colon, rest = text.partition(":")
    return name, rest if colon else None


def file_of(reference: str) -> Path:
    """The file of a reference."""
    return Path(reference.rpartition(":")[0])


def short(reference: str) -> str:
    """A reference in a form for file names, such as `my_network-build`. Return any other name unchanged."""
    return f"{file_of(reference).stem}-{reference.rpartition(':')[2]}" if is_reference(reference) else reference


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
    if not is_reference(reference):
        raise PluginError(f"a reference must be written FILE.py:NAME; got {reference!r}.")
    path, name = file_of(reference).expanduser().resolve(), reference.rpartition(":")[2]
    module = _module(path)
    if not hasattr(module, name):
        public = sorted(public for public in vars(module) if not public.startswith("_"))
        raise PluginError(f"{path} does not define {name!r}.{did_you_mean(name, public)}")
    return getattr(module, name)


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
        raise _plugin_error(error, str(path), path) from error
    return module


@contextmanager
def running(name: str) -> Iterator[None]:
    """Whatever goes wrong in a user's own code, as a `PluginError` with the line; errors of this package as they are.

    Args:
        name: of what runs, such as `FILE.py:NAME`.
    """
    try:
        yield
    except InfomorphicError:
        raise
    except Exception as error:
        raise _plugin_error(error, name, file_of(name) if is_reference(name) else None) from error


def _plugin_error(error: Exception, name: str, path: Path | None) -> PluginError:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = error.lineno if isinstance(error, SyntaxError) else (lines or [None])[-1]
    where = f"{path}, line {line}" if line is not None else name
    return PluginError(f"{where}: {type(error).__name__}: {error}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PluginError(f"{path} cannot be read: {error.strerror or error}.") from error
