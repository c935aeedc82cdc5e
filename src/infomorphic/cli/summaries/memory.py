"""What `train` prints for an associative memory: how well it recalls, and what its neurons know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infomorphic.cli.summaries.learned import print_learned

if TYPE_CHECKING:
    from infomorphic.training import Run
    from infomorphic.training.tasks.memory import Summary


def show(summary: Summary, run: Run, out: Any) -> None:
    """Print the result of a run."""
    patterns = round(summary.load * summary.neurons)
    out.print(
        f"\n[bold]{summary.preset}[/bold]: {patterns} patterns in {summary.neurons} neurons (load {summary.load:g}), "
        f"{summary.epochs} epochs, seed {summary.seed}\n\n"
        f"score [bold]{summary.score:.3f}[/bold] (mean cosine similarity after recall from the pattern); "
        f"{100 * summary.fixed_points:.0f} % of the patterns are fixed points",
        highlight=False,
    )
    print_learned(run, "memory", "FC", out)
