"""Names and values in a form that every tracker accepts."""

import importlib
import math
import re
from collections.abc import Iterator, Mapping
from numbers import Real
from types import ModuleType
from typing import Any

from infomorphic.errors import TrackerError
from infomorphic.extras import install_line


def tag(name: str) -> str:
    """`hidden.{F}{CL}` as `hidden/F_CL`: trackers group by what is before the slash, and MLflow refuses braces."""
    return re.sub(r"\}\s*\{", "_", name).replace("{", "").replace("}", "").replace(".", "/")


def numbers(values: Mapping[str, Any]) -> dict[str, float]:
    """The finite numbers among the values, by tag."""
    return {
        tag(name): float(value)
        for name, value in values.items()
        if isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(float(value))
    }


def flat(config: Mapping[str, Any]) -> dict[str, Any]:
    """Nested sections as `section.field`."""
    return dict(_fields(config, ""))


def _fields(config: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in config.items():
        if isinstance(value, Mapping):
            yield from _fields(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def imported(module: str, package: str) -> ModuleType:
    """Import a module that an optional package provides or needs.

    Raises:
        TrackerError: if it is not installed; the message says how to install it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise TrackerError(
            f"this tracker needs a package that cannot be imported ({error}). Install it: {install_line(package)}"
        ) from error
