"""From files of observations to decompositions."""

from infomorphic.estimation.tables import decompose_table, parse_bins, read_table

__all__ = ["decompose_table", "parse_bins", "read_table"]
