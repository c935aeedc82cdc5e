"""Recordings: spikes and time series as columns with lags, history and trials, and decompositions of all pairs of their variables."""

from infomorphic.lazy import lazily

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

__getattr__ = lazily(__name__, _EXPORTS)
