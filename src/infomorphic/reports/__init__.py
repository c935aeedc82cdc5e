"""Self-contained pages about runs: what each neuron learned, and what it is worth. The analysis behind them is `infomorphic.analysis`."""

from infomorphic.reports.page import write_comparison, write_report

__all__ = ["write_comparison", "write_report"]
