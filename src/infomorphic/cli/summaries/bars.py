"""What `train` prints for a layer that learned bars: what each neuron codes, and what its goal came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infomorphic.cli.output import bold, percent
from infomorphic.cli.summaries.learned import print_learned

if TYPE_CHECKING:
    from infomorphic.training import Run
    from infomorphic.training.tasks.bars import Summary


def show(summary: Summary, run: Run, out: Any) -> None:
    """Print the result of a run."""
    verdict = "every neuron codes a bar of its own" if summary.one_bar_each else "not every neuron codes a bar of its own"
    information = "" if summary.layer_information is None else f"; the layer tells {summary.layer_information:.2f} of {summary.bars} bits"
    out.print(
        "\n",
        bold(summary.preset),
        f": {summary.neurons} neurons, {summary.bars} bars, {summary.epochs} epochs, seed {summary.seed}\n\n",
        bold(percent(summary.bits_correct)),
        f" of the (image, bar) bits right: {verdict}{information}",
        sep="",
    )
    print_learned(run, "neurons", "FC", out)
