"""The published networks. Each is one module with its `Settings`, a `build`, and a first line that says what it is.

A module added here is a preset, under its name with hyphens; no list has to be kept.
"""

from functools import cache
from types import ModuleType
from typing import NamedTuple

from infomorphic.discovery import modules_in
from infomorphic.errors import ConfigurationError, did_you_mean


class Preset(NamedTuple):
    """A preset by name."""

    name: str
    summary: str
    module: ModuleType


@cache
def presets() -> dict[str, Preset]:
    """All presets by name."""
    return {name: Preset(name, summary, module) for name, summary, module in modules_in(__name__)}


def preset(name: str) -> Preset:
    """The preset of this name.

    Raises:
        ConfigurationError: if there is none; the nearest name is suggested.
    """
    known = presets()
    if name not in known:
        raise ConfigurationError(f"there is no preset {name!r}; there are {', '.join(known)}.{did_you_mean(name, known)}")
    return known[name]
