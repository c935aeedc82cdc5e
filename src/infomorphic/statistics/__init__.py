"""How sure a decomposition of samples is: null distributions, intervals, and corrections of sampling bias."""

from infomorphic.statistics.assessment import Assessment, ChanceWarning, assess
from infomorphic.statistics.of_tables import assess_table
from infomorphic.statistics.probabilities import holm, p_values
from infomorphic.statistics.rows import (
    Bootstrap,
    DrawBlocks,
    DrawRows,
    DrawTrials,
    Permutation,
    PermuteBlocks,
    PermuteSource,
    PermuteTarget,
    PermuteTrials,
    PermuteWithin,
    Shift,
)
from infomorphic.statistics.tables import ResampledTables

__all__ = [
    "Assessment",
    "Bootstrap",
    "ChanceWarning",
    "DrawBlocks",
    "DrawRows",
    "DrawTrials",
    "Permutation",
    "PermuteBlocks",
    "PermuteSource",
    "PermuteTarget",
    "PermuteTrials",
    "PermuteWithin",
    "ResampledTables",
    "Shift",
    "assess",
    "assess_table",
    "holm",
    "p_values",
]
