"""Estimation: decompositions of tables, and the binning of currents."""

import importlib
from typing import Any

# Lazy: tables do not need torch, and binning does not need pandas.
_EXPORTS = {
    "BatchRange": "binning",
    "Binning": "binning",
    "EqualMassBinning": "binning",
    "EqualWidthBinning": "binning",
    "FixedRange": "binning",
    "LargestMagnitude": "binning",
    "SoftRange": "binning",
    "as_frame": "frames",
    "decompose_table": "tables",
    "describe_columns": "tables",
    "discretize_table": "tables",
    "parse_bins": "tables",
    "parse_names": "tables",
    "read_table": "reading",
}

__all__ = sorted(_EXPORTS)


def __getattr__(name: str) -> Any:
    if name in _EXPORTS:
        return getattr(importlib.import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
