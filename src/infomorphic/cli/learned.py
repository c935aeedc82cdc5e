"""The table of what neurons encode, sorted by information."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infomorphic.cli.output import bold

if TYPE_CHECKING:
    from infomorphic.training import Run


_SHOWN = 8
_SUM = "the goal: the sum of weight × bits over all terms"


def print_learned(run: Run, out: Any) -> None:
    """Print the goal of the first layer that has one, in words, and what its neurons encode; nothing if nothing was recorded."""
    from rich.table import Table

    from infomorphic.training.rebuild import goals_by_layer, rebuilt

    config, checkpoint = run.config, run.load_checkpoint()
    metrics = checkpoint.metrics
    goals = goals_by_layer(rebuilt(config, checkpoint))
    layer = next((name for name in goals if metrics and f"{name}.goal" in metrics[-1]), None)
    if layer is None:
        return
    last, first = metrics[-1], metrics[0]
    text = goals[layer].written
    # The residual entropy is not information, so it comes last, and only if the goal weights it.
    terms = sorted(
        (d for d in goals[layer].terms() if d.label != "H_res" or d.weight),
        key=lambda d: (d.label == "H_res", -abs(last[f"{layer}.{d.label}"])),
    )
    pursued = (
        "maximizes"
        if config.task.pursues_goals(config.sections)
        else "was trained by backpropagation and does not pursue its goal, which is only measured:"
    )
    out.print(
        f"\nEach neuron of the layer {layer!r} {pursued} ",
        bold(text),
        f". {goals[layer].describe()}\n\nWhat the layer encodes: mean over its neurons, largest first "
        f"(bits in epoch {first['epoch']} → {last['epoch']}):\n",
        sep="",
    )
    shown = terms[:_SHOWN]
    table = Table(box=None, pad_edge=False)
    for heading in ("term", "bits", "weight", "weight × bits", "meaning"):
        table.add_column(heading, justify="left" if heading in ("term", "meaning") else "right", no_wrap=heading != "meaning")
    for d in shown:
        before, after = first[f"{layer}.{d.label}"], last[f"{layer}.{d.label}"]
        table.add_row(d.label, f"{before:.3f} → {after:.3f}", f"{d.weight:+.2f}", f"{d.weight * after:+.3f}", d.meaning)
    table.add_row("goal", f"{first[f'{layer}.goal']:.3f} → {last[f'{layer}.goal']:.3f}", "", f"{last[f'{layer}.goal']:+.3f}", _SUM)
    out.print(table)
    if len(terms) > len(shown):
        out.print(f"({len(terms) - len(shown)} smaller terms are in metrics.csv)", style="dim")
