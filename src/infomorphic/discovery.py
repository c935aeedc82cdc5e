"""Modules found by looking into a package, so that a new one is a new file and no list has to be kept."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType


def modules_in(package: str) -> Iterator[tuple[str, str, ModuleType]]:
    """The name with hyphens, the first line of the docstring and the module itself, of every module of a package, by name."""
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        module = importlib.import_module(f"{package}.{info.name}")
        yield info.name.replace("_", "-"), (module.__doc__ or "").splitlines()[0], module
