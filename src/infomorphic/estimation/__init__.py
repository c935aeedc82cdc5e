"""Estimation: decompositions of tables, and the binning of currents."""

from infomorphic.lazy import lazily

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

__getattr__ = lazily(__name__, _EXPORTS)
