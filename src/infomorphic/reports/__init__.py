"""Self-contained pages about runs: what each neuron learned and contributes. The analysis is in `infomorphic.analysis`."""

from infomorphic.reports.page import write_comparison, write_report, write_trained_report

__all__ = ["write_comparison", "write_report", "write_trained_report"]
