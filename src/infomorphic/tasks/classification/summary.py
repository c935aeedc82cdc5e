"""The result of a classifier in words and numbers."""

from collections.abc import Mapping
from typing import Any

from infomorphic.text import percent
from infomorphic.training.results import Result, Table, Tile


def in_words(summary: Any) -> Result:
    """Describe the accuracies on the three parts of the data, with one sampled output and with expected outputs."""
    before_readout = list(summary.layers.items())[:-1]
    several = " (" + " + ".join(f"{size} {name}" for name, size in before_readout) + ")" if len(before_readout) > 1 else ""
    neurons = f"{summary.hidden} hidden neurons{several}, " if summary.hidden else ""
    learning = ", trained by backpropagation" if summary.learning == "backprop" else ""
    return Result(
        f"{summary.preset} on {summary.dataset}{learning}: {neurons}{summary.epochs} epochs, seed {summary.seed}",
        "",
        results(vars(summary)),
    )


def results(summary: Mapping[str, Any]) -> Table | None:
    """The accuracies on the three parts of the data; None if none is known."""
    known = [part for part in ("train", "validation", "test") if summary.get(f"{part}_accuracy") is not None]
    rows = [[part, *(percent(summary.get(f"{part}_accuracy{how}")) for how in ("", "_expected"))] for part in known]
    return Table(["accuracy", "one sample", "expected outputs"], rows) if rows else None


def tiles(summary: Mapping[str, Any], last_record: Mapping[str, Any]) -> list[Tile]:
    """Test accuracy."""
    if "test_accuracy" in summary:
        return [
            Tile(percent(summary["test_accuracy"]), "test accuracy, one sampled output"),
            Tile(percent(summary.get("test_accuracy_expected")), "test accuracy, expected outputs"),
        ]
    if "test_accuracy" in last_record:
        return [Tile(percent(last_record["test_accuracy"]), "test accuracy so far, one sampled output")]
    return []
