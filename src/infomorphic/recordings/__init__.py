"""Recordings: spikes and time series as columns with lags, history and trials, and decompositions of all pairs of their variables."""

import importlib
from typing import Any

# Lazy: counting spikes does not need pandas.
_EXPORTS = {
    "Design": "recording",
    "Pairs": "pairs",
    "Recording": "recording",
    "bin_means": "bins",
    "decompose_pairs": "combinations",
    "from_neo": "readers",
    "from_nwb": "readers",
    "from_pynapple": "readers",
    "spike_counts": "bins",
}

__all__ = sorted(_EXPORTS)


def __getattr__(name: str) -> Any:
    if name in _EXPORTS:
        return getattr(importlib.import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
