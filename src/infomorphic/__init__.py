"""Networks whose neurons each pursue their own local, information-theoretic goal.

Importing this package is cheap: each name below is imported on first use.
"""

from infomorphic.lazy import lazily

_EXPORTS = {
    "Goal": "goals",
    "InfomorphicLayer": "layers",
    "convert": "networks",
    "decompose": "pid",
    "decompose_samples": "pid",
    "fit": "fitting",
}

__all__ = ["__version__", *_EXPORTS]
__version__ = "1.0.0"


__getattr__ = lazily(__name__, _EXPORTS)


def __dir__() -> list[str]:
    return sorted(__all__)
