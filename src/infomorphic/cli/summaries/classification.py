"""What `train` prints for a classifier: accuracies, the goal in words, and what the neurons came to encode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infomorphic.cli.output import bold, percent
from infomorphic.cli.summaries.learned import print_learned

if TYPE_CHECKING:
    from infomorphic.training import Run
    from infomorphic.training.tasks.classification import Summary


def show(summary: Summary, run: Run, out: Any) -> None:
    """Print the result of a run."""
    from rich.table import Table

    neurons = f"{summary.hidden} hidden neurons, " if summary.hidden else ""
    out.print("\n", bold(summary.preset), f" on {summary.dataset}: {neurons}{summary.epochs} epochs, seed {summary.seed}\n", sep="")
    table = Table(box=None, pad_edge=False)
    for heading in ("accuracy", "one sample", "expected outputs"):
        table.add_column(heading, justify="left" if heading == "accuracy" else "right")
    for part in ("train", "validation", "test"):
        sampled, expected = (getattr(summary, f"{part}_accuracy{kind}") for kind in ("", "_expected"))
        table.add_row(part, percent(sampled), percent(expected))
    out.print(table)
    # A network without a hidden layer that learns shows its readout, if that has a goal.
    last = (run.load_checkpoint().metrics or [{}])[-1]
    layer = next((name for name in ("hidden", "readout") if f"{name}.goal" in last), None)
    if summary.goal is not None and layer is not None:
        labels = [name.removeprefix(f"{layer}.") for name in last if name.startswith(f"{layer}.{{")]
        # The synergy of all sources names them all, in order.
        print_learned(run, layer, max((label for label in labels if label.count("{") == 1), key=len).strip("{}"), out)
