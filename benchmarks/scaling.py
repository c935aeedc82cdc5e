"""A model of the step time over machines and bandwidth from measured steps, checked at one and two processes, as a table, a figure and a page.

python benchmarks/scaling.py

It reads results/neuron-parallel.csv, and writes results/neuron-parallel-model.csv, docs/images/scaling.png and the tables of
docs/explanation/scaling.md.

    step(N) = a W/N + b W + 2 [ (N - 1) latency + (N - 1)/N bytes / bandwidth ]      W neurons on N machines, bytes = W batch / 8

The first two terms are computation: of the own neurons, and of what every process repeats for all neurons (it unpacks their outputs and
computes the readout). They are fitted for each size of layer to the processor's times of the rows `part`, which other load changes little.
The last is a ring, as gloo exchanges, once per presentation. Bandwidth and latency of networks are assumptions.
"""

import argparse
import csv
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
import matplotlib.pyplot as plt
from scipy.optimize import nnls

from infomorphic.plots.palette import SERIES

LINKS = {"1 Gbit/s, 50 µs": (1e9, 50e-6), "10 Gbit/s, 25 µs": (1e10, 25e-6), "100 Gbit/s, 5 µs": (1e11, 5e-6)}
"""Bandwidth in bits per second and latency in seconds: assumed."""
MACHINES = (16, 64, 256, 1024)
PRESENTATIONS, PIXELS, CLASSES, LATERAL = 2, 784, 10, 100
# Fewer neurons are not divided (`infomorphic.parallel.parts.BLOCK`).
FEWEST = 16


def rows_of(path):
    """The rows of a table, with numbers as numbers."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            {name: float(value) if name in _NUMBERS and value else value for name, value in row.items()} for row in csv.DictReader(file)
        ]


_NUMBERS = {
    *("hidden", "processes", "ms", "least_ms", "largest_ms", "cpu_ms", "speedup", "exchange_ms"),
    *("bytes", "gradient_bytes", "batch", "load"),
}


class Model:
    """The step time, fitted to measured rows."""

    def __init__(self, rows):
        parts = [row for row in rows if row["kind"] == "part"]
        self.batch = int(parts[0]["batch"])
        self.own, self.repeated, self.errors = {}, {}, {}
        for neurons in sorted({row["hidden"] for row in parts}):
            some = [row for row in parts if row["hidden"] == neurons]
            terms = np.array([[neurons / row["processes"], neurons] for row in some])
            seconds = np.array([row["cpu_ms"] / 1e3 for row in some])
            # Relative errors: a step of one of 256 processes counts as much as one of all neurons.
            found = nnls(terms / seconds[:, None], np.ones(len(some)))[0]
            self.own[neurons], self.repeated[neurons] = map(float, found)
            self.errors[neurons] = terms @ found / seconds - 1
        self.largest = max(self.own)
        small, large = sorted((row["bytes"], row["ms"] / 1e3) for row in rows if row["kind"] == "exchange")
        self.here = 8 * large[0] / (large[1] - small[1]), small[1]

    def computation(self, neurons, machines):
        """Seconds; in a layer that was not measured, per neuron as in the largest one."""
        size = neurons if neurons in self.own else self.largest
        return self.own[size] * neurons / machines + self.repeated[size] * neurons

    def exchange(self, neurons, machines, link):
        """Seconds."""
        bandwidth, latency = link
        return PRESENTATIONS * ((machines - 1) * latency + (machines - 1) / machines * neurons * self.batch / bandwidth)

    def step(self, neurons, machines, link):
        """Seconds."""
        return self.computation(neurons, machines) + self.exchange(neurons, machines, link)

    def bytes_sent(self, neurons, machines):
        """By each machine in a step."""
        return PRESENTATIONS * (machines - 1) / machines * neurons * self.batch / 8


def gradient_bytes(neurons, machines):
    """Sent by each machine in a step of data-parallel backpropagation through the same network, in a ring."""
    weights = neurons * (PIXELS + CLASSES + min(LATERAL, neurons - 1) + 3) + CLASSES * (neurons + 1)
    return 4 * weights * 2 * (machines - 1) / machines


def modelled(model):
    """The rows of the table."""
    for neurons in (8000, 100_000):
        for machines in (1, 2, *MACHINES):
            if neurons // machines < FEWEST:
                continue
            for name, link in LINKS.items():
                step = model.step(neurons, machines, link)
                yield {
                    "neurons": neurons,
                    "machines": machines,
                    "link": name,
                    "step_ms": round(1e3 * step, 2),
                    "computation_ms": round(1e3 * model.computation(neurons, machines), 2),
                    "exchange_ms": round(1e3 * model.exchange(neurons, machines, link), 2),
                    "speedup": round(model.step(neurons, 1, link) / step, 2),
                    "megabytes_sent": round(model.bytes_sent(neurons, machines) / 1e6, 2),
                    "megabytes_of_gradients": round(gradient_bytes(neurons, machines) / 1e6, 1),
                }


def blocks(model, rows, table):
    """The generated parts of the page, by name."""
    steps = {(row["hidden"], row["processes"]): row for row in rows if row["kind"] == "step"}
    sizes = sorted({neurons for neurons, _ in steps})
    two = {neurons: steps[neurons, 2] for neurons in sizes}
    origin = rows[0]
    sent = ["| hidden neurons | outputs | gradients | ratio |", "| --- | --- | --- | --- |"]
    sent += [
        f"| {n:,.0f} | {two[n]['bytes'] / 1e6:.2f} MB | {two[n]['gradient_bytes'] / 1e6:.1f} MB | {two[n]['gradient_bytes'] / two[n]['bytes']:.0f} |"
        for n in sizes
    ]
    measured = [
        f"Version {origin['infomorphic']}, commit {origin['commit']}, torch {origin['torch']}, {origin['processor']}, `{origin['command']}`. "
        + (
            f"**Other programs used the machine (load {origin['load']:.0f} before the run on two cores), so times and speed-up are not those of an "
            "idle machine.** Times of the processor can be compared."
            if origin["load"] > 1.5  # the average of a minute still holds the program before
            else "The machine was idle."
        ),
        "",
        "| hidden neurons | one process | two processes | exchanging and waiting | speed-up | processor's time, one and each of two | same bits |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    measured += [
        f"| {n:,.0f} | {_range(steps[n, 1])} | {_range(two[n])} | {two[n]['exchange_ms']:.0f} ms | **{two[n]['speedup']:.2f}** | "
        f"{steps[n, 1]['cpu_ms']:.0f} and {two[n]['cpu_ms']:.0f} ms | {'yes' if two[n]['same_bits'] == 'True' else 'no'} |"
        for n in sizes
    ]
    fit = ["| hidden neurons | a | b | errors on the fitted steps |", "| --- | --- | --- | --- |"]
    fit += [
        f"| {n:,.0f} | {1e6 * model.own[n]:.0f} µs | {1e6 * model.repeated[n]:.1f} µs | {100 * errors.min():+.0f} to {100 * errors.max():+.0f} % |"
        for n, errors in model.errors.items()
    ]
    fit += [
        "",
        f"Between processes of this machine, an exchange of a few bytes takes {1e6 * model.here[1]:.0f} µs and the bandwidth is "
        f"{model.here[0] / 1e9:.1f} Gbit/s.",
    ]
    checked = [
        "| hidden neurons | processes | measured | processor's time | model | error of the model against each |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for (n, processes), row in sorted(steps.items()):
        step = 1e3 * model.step(n, processes, model.here)
        errors = ", ".join(f"{100 * (step / row[name] - 1):+.0f} %" for name in ("ms", "cpu_ms"))
        checked.append(f"| {n:,.0f} | {processes:.0f} | {row['ms']:.0f} ms | {row['cpu_ms']:.0f} ms | {step:.0f} ms | {errors} |")
    links = [name.partition(",")[0] for name in LINKS]
    modelled = [
        f"| hidden neurons | machines | computation | exchange at {', '.join(links)} | speed-up at the same |",
        "| --- | --- | --- | --- | --- |",
    ]
    for k in range(0, len(table), len(LINKS)):
        some = table[k : k + len(LINKS)]
        if some[0]["machines"] > 1:
            exchange, speedup = (", ".join(f"{row[name]:.1f}" for row in some) for name in ("exchange_ms", "speedup"))
            modelled.append(
                f"| {some[0]['neurons']:,} | {some[0]['machines']:,} | {some[0]['computation_ms']:.0f} ms | {exchange} ms | {speedup} |"
            )
    own, repeated = model.own[model.largest], model.repeated[model.largest]
    limit = [
        f"However many machines there are, a step takes the repeated part, b W: {1e3 * repeated * model.largest:.0f} ms for {model.largest:,.0f} "
        f"neurons. The speed-up is therefore below (a + b)/b = **{(own + repeated) / repeated:.0f}**, and that many machines reach half of it."
    ]
    return {"sent": sent, "measured": measured, "fit": fit, "checked": checked, "modelled": modelled, "limit": limit}


def write_into(page, parts):
    """Replace what stands between the markers of each part."""
    text = page.read_text(encoding="utf-8")
    for name, lines in parts.items():
        content = "\n".join(["", *lines, ""])
        text, found = re.subn(f"(<!-- {name} -->\n).*?(\n<!-- end -->)", lambda m, c=content: m[1] + c + m[2], text, flags=re.DOTALL)
        if found != 1:
            raise SystemExit(f"{page} has no place for {name!r}.")
    page.write_text(text, encoding="utf-8")


def _range(row):
    return f"{row['ms']:.0f} ms ({row['least_ms']:.0f} to {row['largest_ms']:.0f})"


def draw(model, path):
    """Speed-up over machines for two networks, and bytes per step over neurons."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.6, 3.9), layout="constrained")
    for neurons, style in ((8000, "--"), (100_000, "-")):
        machines = [n for n in 2.0 ** np.arange(11) if neurons // n >= FEWEST]
        for (name, link), color in zip(LINKS.items(), SERIES, strict=False):
            speedup = [model.step(neurons, 1, link) / model.step(neurons, n, link) for n in machines]
            left.plot(machines, speedup, style, color=color, label=f"{neurons:,} neurons, {name}")
    left.plot([1, 1024], [1, 1024], ":", color=SERIES[-1], label="as many times as machines")
    left.set(xscale="log", yscale="log", xlabel="machines", ylabel="speed-up over one machine", title="Modelled")
    left.legend(fontsize=7, frameon=False)
    neurons = np.geomspace(1000, 1e6, 20)
    right.plot(
        neurons, [model.bytes_sent(n, 1024) / 1e6 for n in neurons], color=SERIES[0], label="outputs, one bit each, two presentations"
    )
    right.plot(neurons, [gradient_bytes(n, 1024) / 1e6 for n in neurons], color=SERIES[5], label="gradients, 32 bits each")
    right.set(xscale="log", yscale="log", xlabel="hidden neurons", ylabel="MB sent per machine and step", title=f"Batch {model.batch}")
    right.legend(fontsize=7, frameon=False)
    for ax in (left, right):
        ax.spines[["top", "right"]].set_visible(False)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value >= 1 else f"{value:g}")
    figure.savefig(path, dpi=140)
    print(path)


def main():
    """Fit, check, and write table, page and figure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--measured", type=Path, default=Path("results/neuron-parallel.csv"))
    parser.add_argument("--out", type=Path, default=Path("results/neuron-parallel-model.csv"))
    parser.add_argument("--page", type=Path, default=Path("docs/explanation/scaling.md"))
    parser.add_argument("--figure", type=Path, default=Path("docs/images/scaling.png"))
    options = parser.parse_args()
    rows = rows_of(options.measured)
    model = Model(rows)
    table = list(modelled(model))
    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*table[0], "command"], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "command": "python benchmarks/scaling.py"} for row in table)
    write_into(options.page, blocks(model, rows, table))
    draw(model, options.figure)


if __name__ == "__main__":
    main()
