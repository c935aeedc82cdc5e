"""Networks whose neurons each pursue their own local, information-theoretic goal.

Importing this package is cheap: each name below is imported on first use.
"""

import importlib
from typing import Any

_EXPORTS = {
    "Goal": "infomorphic.goals",
    "InfomorphicLayer": "infomorphic.layers",
    "decompose": "infomorphic.pid",
    "decompose_samples": "infomorphic.pid",
}

__all__ = ["__version__", *_EXPORTS]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in _EXPORTS:
        return getattr(importlib.import_module(_EXPORTS[name]), name)
    raise AttributeError(f"module 'infomorphic' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
