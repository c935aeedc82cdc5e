"""Names of a package that are imported on first use, so that importing the package is cheap and needs no optional package."""

import importlib
from collections.abc import Callable, Mapping
from typing import Any


def lazily(package: str, exports: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package that imports each name on first use.

    Args:
        package: the package's name.
        exports: the module of each name, relative to the package.
    """

    def get(name: str) -> Any:
        if name in exports:
            return getattr(importlib.import_module(f"{package}.{exports[name]}"), name)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return get
