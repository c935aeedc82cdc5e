"""Find presets by name: built in, from installed packages, or in a user's file."""

import inspect
from functools import cache
from importlib import import_module
from typing import Any

from infomorphic import plugins
from infomorphic.errors import ConfigurationError, did_you_mean
from infomorphic.training.task import Preset

GROUP = "infomorphic.presets"
"""The group of entry points in which an installed package declares presets."""


_TASKS = "infomorphic.tasks"
# A string, because tasks are built on this package, which must not import them.


@cache
def presets() -> dict[str, Preset]:
    """The built-in presets by name: those of every package in `infomorphic.tasks`."""
    packages = [package for _, _, package in plugins.modules_in(_TASKS)]
    return {preset.name: preset for package in packages for preset in import_module(f"{package.__name__}.presets").PRESETS}


@cache
def default_preset() -> Preset:
    """The preset that is trained where none is named."""
    return next(chosen for chosen in presets().values() if chosen.is_default)


def preset(name: str) -> Preset:
    """The preset with this name: built in, from an installed package, or in a file (`FILE.py:NAME`).

    Raises:
        ConfigurationError: if there is none; the nearest name is suggested.
        PluginError: if a file or a package cannot be loaded.
    """
    known = presets()
    if name in known:
        return known[name]
    if (found := plugins.find(name, GROUP)) is not None:
        return _own(name, found)
    names = [*known, *plugins.installed(GROUP)]
    raise ConfigurationError(
        f"there is no preset {name!r}; there are {', '.join(names)}, or FILE.py:NAME for a network of your own.{did_you_mean(name, names)}"
    )


def _own(name: str, found: Any) -> Preset:
    """A preset from a user's object, which may be a function that builds a network."""
    if isinstance(found, Preset):
        return Preset(name, found.summary, found.task, found.settings, found.build)
    if inspect.isfunction(found):
        return import_module(_TASKS).preset_of_function(name, found)
    raise ConfigurationError(f"{name} must be a function that builds a network, or a Preset; got a {type(found).__name__}.")
