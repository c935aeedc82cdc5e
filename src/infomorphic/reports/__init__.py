"""Self-contained pages about runs, what each neuron learned and contributes, and about tables. The analysis is in `infomorphic.analysis`."""

from infomorphic.lazy import lazily

# Lazy: the report of a table does not need torch.
_EXPORTS = {
    "LiveServer": "live",
    "write_comparison": "page",
    "write_fields_gif": "animation",
    "write_recall_gif": "animation",
    "write_report": "page",
    "write_table_report": "table_report",
    "write_trained_report": "page",
}

__all__ = sorted(_EXPORTS)

__getattr__ = lazily(__name__, _EXPORTS)
