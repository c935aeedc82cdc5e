"""What `train` prints for a classifier: accuracies, the goal in words, and what the neurons came to encode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infomorphic.cli.output import percent, signed_bar

if TYPE_CHECKING:
    from infomorphic.training import Run
    from infomorphic.training.tasks.classification import Summary


def show(summary: Summary, run: Run, out: Any) -> None:
    """Print the result of a run."""
    from rich.table import Table

    neurons = f"{summary.hidden} hidden neurons, " if summary.hidden else ""
    out.print(
        f"\n[bold]{summary.preset}[/bold] on {summary.dataset}: {neurons}{summary.epochs} epochs, seed {summary.seed}\n", highlight=False
    )
    table = Table(box=None, pad_edge=False)
    for heading in ("accuracy", "one sample", "expected outputs"):
        table.add_column(heading, justify="left" if heading == "accuracy" else "right")
    for part in ("train", "validation", "test"):
        sampled, expected = (getattr(summary, f"{part}_accuracy{kind}") for kind in ("", "_expected"))
        table.add_row(part, percent(sampled), percent(expected))
    out.print(table)
    _print_learned(run, out)


def _print_learned(run: Run, out: Any) -> None:
    """The goal in words, and what the hidden neurons came to encode."""
    from rich.table import Table

    from infomorphic.goals import Goal

    metrics = run.load_checkpoint().metrics
    text = getattr(run.config.network, "goal", None)
    layer = "hidden" if metrics and "hidden.goal" in metrics[-1] else "readout"
    if text is None or not metrics or f"{layer}.goal" not in metrics[-1]:
        return
    last, first = metrics[-1], metrics[0]
    # The synergy of all sources names them all, in order.
    labels = [name.removeprefix(f"{layer}.") for name in last if name.startswith(f"{layer}.{{")]
    sources = max((label for label in labels if label.count("{") == 1), key=len).strip("{}")
    goal = Goal.resolve(text, sources=sources)
    described = sorted(goal.describe(), key=lambda d: -abs(d.weight))
    out.print(
        f"\nEach neuron of the {layer} layer ascends [bold]{text}[/bold]; what the layer came to encode, mean over its neurons in bits:\n",
        highlight=False,
    )
    shown = described[:8]
    largest = max(abs(last[f"{layer}.{d.label}"]) for d in shown)
    table = Table(box=None, pad_edge=False)
    for heading in ("term", "weight", "epoch 1", f"epoch {last['epoch']}", "", "meaning"):
        table.add_column(heading, justify="left" if heading in ("term", "", "meaning") else "right")
    for d in shown:
        before, after = first[f"{layer}.{d.label}"], last[f"{layer}.{d.label}"]
        table.add_row(d.label, f"{d.weight:+.2f}", f"{before:.3f}", f"{after:.3f}", signed_bar(after, largest), d.meaning)
    out.print(table, highlight=False)
    if len(described) > len(shown):
        out.print(f"({len(described) - len(shown)} terms of smaller weight are in metrics.csv)", style="dim")
