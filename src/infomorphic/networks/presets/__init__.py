"""The published networks. Each is one module with its `Settings`, a `build`, and a first line that says what it is.

A module added here is a preset, under its name with hyphens; no list has to be kept.
"""

import difflib
import importlib
import pkgutil
from functools import cache
from types import ModuleType
from typing import NamedTuple

from infomorphic.errors import ConfigurationError


class Preset(NamedTuple):
    """A preset by name."""

    name: str
    summary: str
    module: ModuleType


@cache
def presets() -> dict[str, Preset]:
    """All presets by name."""
    found = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        name = info.name.replace("_", "-")
        found[name] = Preset(name, (module.__doc__ or "").splitlines()[0], module)
    return found


def preset(name: str) -> Preset:
    """The preset of this name.

    Raises:
        ConfigurationError: if there is none; the nearest name is suggested.
    """
    known = presets()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        meant = f" Did you mean {near[0]!r}?" if near else ""
        raise ConfigurationError(f"there is no preset {name!r}; there are {', '.join(known)}.{meant}")
    return known[name]
