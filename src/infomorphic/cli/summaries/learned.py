"""The table of what neurons came to encode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infomorphic.cli.output import bold, signed_bar

if TYPE_CHECKING:
    from infomorphic.training import Run


def print_learned(run: Run, layer: str, sources: str, out: Any) -> None:
    """The goal of a layer in words, and what its neurons came to encode; nothing if nothing was recorded."""
    from rich.table import Table

    from infomorphic.goals import Goal

    metrics = run.load_checkpoint().metrics
    if not metrics:
        return
    text = run.config.network.goal
    last, first = metrics[-1], metrics[0]
    goal = Goal.resolve(text, sources=sources)
    described = sorted(goal.describe(), key=lambda d: -abs(d.weight))
    out.print(
        f"\nEach neuron of the layer {layer!r} ascends ",
        bold(text),
        "; what the layer came to encode, mean over its neurons in bits:\n",
        sep="",
    )
    shown = described[:8]
    largest = max(abs(last[f"{layer}.{d.label}"]) for d in shown)
    table = Table(box=None, pad_edge=False)
    for heading in ("term", "weight", f"epoch {first['epoch']}", f"epoch {last['epoch']}", "", "meaning"):
        table.add_column(heading, justify="left" if heading in ("term", "", "meaning") else "right")
    for d in shown:
        before, after = first[f"{layer}.{d.label}"], last[f"{layer}.{d.label}"]
        table.add_row(d.label, f"{d.weight:+.2f}", f"{before:.3f}", f"{after:.3f}", signed_bar(after, largest), d.meaning)
    out.print(table)
    if len(described) > len(shown):
        out.print(f"({len(described) - len(shown)} terms of smaller weight are in metrics.csv)", style="dim")
