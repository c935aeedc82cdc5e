"""`infomorphic bench`: how fast a training step is on this machine."""

from typing import Annotated

import typer

from infomorphic.cli.options import Json, Threads
from infomorphic.limits import MOST_NEURONS, MOST_SAMPLES


def bench(
    hidden: Annotated[int, typer.Option("--hidden", "-n", min=2, max=MOST_NEURONS, help="Hidden neurons.")] = 100,
    batch: Annotated[int, typer.Option("--batch", "-b", min=2, max=MOST_SAMPLES, help="Samples in a batch.")] = 1024,
    threads: Threads = None,
    json: Json = False,
) -> None:
    """Measure how fast a training step of setup 1 is, compared with dense histograms plus autograd and with backpropagation.

    Example: `infomorphic bench --hidden 1000`
    """
    from dataclasses import asdict

    from infomorphic.bench.benchmark import benchmark
    from infomorphic.cli.output import console, print_json
    from infomorphic.cli.training import announce_first_compilation, default_threads, set_threads

    set_threads(threads or default_threads(hidden))
    announce_first_compilation()
    result = benchmark(hidden, batch)
    if json:
        print_json(asdict(result))
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title=f"{hidden} hidden neurons, batch {batch}, {result.threads} threads", title_justify="left")
    for heading in ("", "ms", "ratio to setup 1"):
        table.add_column(heading, justify="left" if not heading else "right")
    rows = {
        "training step of setup 1": result.step_ms,
        "  goal and gradient of the hidden layer alone": result.goal_gradient_ms,
        "training step of setup 1 with dense histograms and autograd": result.dense_step_ms,
        "backpropagation through the same network, in plain torch": result.backprop_step_ms,
        "backpropagation through the same network, with every optimization of our step": result.backprop_sharing_step_ms,
        "backpropagation without lateral connections": result.feedforward_backprop_step_ms,
    }
    for what, ms in rows.items():
        table.add_row(what, f"{ms:.2f}", f"{ms / result.step_ms:.2f}")
    out = console()
    out.print(table)
    out.print(f"{result.occupied_cells:.0f} occupied cells per neuron, at most {result.peak_memory_mib:.0f} MiB before the dense step")
