"""Self-contained pages about runs, what each neuron learned and contributes, and about tables. The analysis is in `infomorphic.analysis`."""

from infomorphic.reports.page import write_comparison, write_report, write_trained_report
from infomorphic.reports.table_report import write_table_report

__all__ = ["write_comparison", "write_report", "write_table_report", "write_trained_report"]
