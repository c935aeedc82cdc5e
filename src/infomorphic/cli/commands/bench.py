"""`infomorphic bench`: how fast a training step is on this machine."""

from typing import Annotated

import typer

from infomorphic.cli.options import Json, Threads
from infomorphic.limits import MOST_NEURONS, MOST_SAMPLES


def bench(
    preset: Annotated[
        str | None, typer.Option("--preset", "-p", help="The preset whose step is timed, or FILE.py:NAME; default: setup-1.")
    ] = None,
    hidden: Annotated[
        int | None,
        typer.Option("--hidden", "-n", min=2, max=MOST_NEURONS, help="Neurons in front of the readout; default: as the preset has it."),
    ] = None,
    batch: Annotated[int, typer.Option("--batch", "-b", min=2, max=MOST_SAMPLES, help="Samples in a batch.")] = 1024,
    start: Annotated[
        bool, typer.Option("--start", help="Also measure, ten times, how long a training takes to its first epoch; takes some minutes.")
    ] = False,
    threads: Threads = None,
    json: Json = False,
) -> None:
    """Measure how fast a training step of a preset is, compared with an ordinary network and with the limits of the machine.

    The step of setup 1 is also compared with dense histograms plus autograd and with backpropagation.

    Example: `infomorphic bench --preset setup-2 --hidden 1000`
    """
    from dataclasses import asdict

    from infomorphic.bench.benchmark import benchmark, configuration
    from infomorphic.cli.output import console, print_json
    from infomorphic.cli.training import announce_first_compilation, default_threads, neurons_of, set_threads

    set_threads(threads or default_threads(neurons_of(configuration(preset, hidden))))
    announce_first_compilation()
    result = benchmark(preset, hidden, batch, start=start)
    if json:
        print_json(asdict(result))
        return
    from rich.table import Table

    size = "no hidden layer" if result.hidden is None else f"{result.hidden} neurons"
    title = f"{result.preset}, {size}, batch {result.batch}, threads: {result.threads}"
    table = Table(box=None, pad_edge=False, title=title, title_justify="left")
    for heading in ("", "ms", f"ratio to {result.preset}"):
        table.add_column(heading, justify="left" if not heading else "right")
    rows = {
        "training step": result.step_ms,
        "  goals and gradients in front of the readout alone": result.goal_gradient_ms,
        "an ordinary ReLU network of the same sizes, Adam": result.relu_step_ms,
        "training step with dense histograms and autograd": result.dense_step_ms,
        "backpropagation through the same network, in plain torch": result.backprop_step_ms,
        "backpropagation through the same network, with every optimization of our step": result.backprop_sharing_step_ms,
        "backpropagation without lateral connections": result.feedforward_backprop_step_ms,
    }
    for what, ms in rows.items():
        if ms is not None:
            table.add_row(what, f"{ms:.2f}", f"{ms / result.step_ms:.2f}")
    limits = Table(box=None, pad_edge=False, title="\nhow far from the machine's limits", title_justify="left")
    for heading in ("", "ms", "rate", "limit", "fraction"):
        limits.add_column(heading, justify="left" if not heading else "right")
    for part in result.parts:
        rate, limit = (f"{value:.1f} {part.unit}" for value in (part.rate, part.limit))
        limits.add_row(part.name, f"{part.ms:.2f}", rate, limit, f"{part.rate / part.limit:.2f}")
    out = console()
    out.print(table)
    out.print(limits)
    if result.cold_start_s is not None:
        out.print(
            f"\nfirst epoch after {result.cold_start_s:.1f} s with an empty cache of compiled code, {result.warm_start_s:.1f} s with a full one"
        )
    cells = "" if result.occupied_cells is None else f"{result.occupied_cells:.0f} occupied cells per neuron, "
    out.print(f"\n{cells}at most {result.peak_memory_mib:.0f} MiB before the dense step")
