"""The content of a page that compares several runs, as plain data."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from infomorphic.analysis.layer import overview
from infomorphic.analysis.neurons import analyze_neurons
from infomorphic.reports.content import run_content
from infomorphic.reports.record import RunRecord, read_run


def comparison_content(
    paths: Sequence[Path], data_dir: Path | None = None, on_progress: Callable[[str, int, int], None] = lambda phase, done, total: None
) -> dict[str, Any]:
    """The content of each run, the settings in which they differ, and counts of their neurons."""
    records = [read_run(path, data_dir) for path in paths]
    runs = []
    for record in records:
        on_progress(f"evaluating {record.path}", 0, 0)
        content = run_content(record)
        content["counts"] = _counts(record, on_progress)
        runs.append(content)
    return {"runs": runs, "differences": _differences(records), "diagrams": {k: v for run in runs for k, v in run.pop("diagrams").items()}}


def _counts(record: RunRecord, on_progress: Callable[[str, int, int], None]) -> dict[str, Any] | None:
    """Counts over the neurons of the first layer; None if they cannot be measured, or for a readout alone."""
    trained = record.trained
    if trained is None or trained.layer_name == trained.network.readout:
        return None
    neurons = analyze_neurons(trained, 1, lambda done, total: on_progress(f"removing each neuron of {record.path} in turn", done, total))
    found = overview(neurons)
    return {
        "label_information": round(float(neurons.selectivity.label_information.mean()), 3),
        "code_a_class": found.code_a_class,
        "idle": found.idle,
        "constant": found.constant,
        "redundant": found.redundant,
        "costless": found.costless,
    }


def _differences(records: Sequence[RunRecord]) -> list[list[Any]]:
    """Settings that differ between runs: the name, and the value in each run."""
    flat = [_flat(r.config.model_dump(mode="json") if r.config is not None else r.raw_config) for r in records]
    names = dict.fromkeys(name for settings in flat for name in settings)
    rows = [[name, *(str(settings.get(name, "–")) for settings in flat)] for name in names]
    return [row for row in rows if len(set(row[1:])) > 1]


def _flat(settings: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat
