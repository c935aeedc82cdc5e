"""What `train` prints for an associative memory: how well it recalls, and what its neurons know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infomorphic.cli.output import bold
from infomorphic.cli.summaries.learned import print_learned

if TYPE_CHECKING:
    from infomorphic.training import Run
    from infomorphic.training.tasks.memory import Summary


def show(summary: Summary, run: Run, out: Any) -> None:
    """Print the result of a run."""
    patterns = round(summary.load * summary.neurons)
    out.print(
        "\n",
        bold(summary.preset),
        f": {patterns} patterns in {summary.neurons} neurons (load {summary.load:g}), "
        f"{summary.epochs} epochs, seed {summary.seed}\n\nscore ",
        bold(f"{summary.score:.3f}"),
        f" (mean cosine similarity after recall from the pattern); {100 * summary.fixed_points:.0f} % of the patterns are fixed points",
        sep="",
    )
    print_learned(run, "memory", "FC", out)
