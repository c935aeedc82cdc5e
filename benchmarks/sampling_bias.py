"""Judge the plug-in estimate of every atom, and each correction of its bias, against known truth.

OMP_NUM_THREADS=1 python benchmarks/sampling_bias.py --out results/sampling-bias.csv --figures docs/images
python benchmarks/sampling_bias.py --from results/sampling-bias.csv --figures docs/images     (the figures alone)

Observations are drawn from distributions whose atoms are known exactly: gates, and Bernoulli neurons that fire with a known probability for
each value of their sources. A row of the table is one label (an atom such as {12}, or a mutual information such as I{12}) of one case, number
of observations and estimator: mean, standard deviation and root mean square of the error over repetitions, in bits. The standard error of
`bias` is `sd` over the square root of `repeats`. `per_cell` is the number of observations over the number of cells with positive probability;
`per_occupied_cell` is the mean of what `infomorphic pid` prints, which counts only cells that were seen.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter
from recorded import significant, write

from infomorphic.pid import decompose, discretize_samples, gates
from infomorphic.pid.measures import resolve_measure
from infomorphic.plots.figures import new_figure, save_picture
from infomorphic.plots.palette import SERIES
from infomorphic.statistics import PermuteTarget, ResampledTables
from infomorphic.statistics.assessment import null_values
from infomorphic.statistics.corrections import miller_madow, quadratic
from infomorphic.statistics.tables import labels_of, values_of

PER_CELL = (1, 2, 4, 8, 16, 32, 64)
SHUFFLES = 40
ESTIMATORS = ("none", "shuffle", "quadratic", "miller-madow")
NOISE = 0.1
LEVELS = np.arange(-2.0, 3.0)


def with_noise(pmf):
    """The distribution after the binary target has been flipped with probability `NOISE`."""
    return (1 - NOISE) * pmf + NOISE * pmf[..., ::-1]


def redundant(num_sources):
    """T is a fair bit, and each source is a copy of it that is flipped with probability `NOISE`, independently."""
    pmf = np.zeros((2,) * (num_sources + 1))
    for cell in np.ndindex(pmf.shape):
        wrong = sum(s != cell[-1] for s in cell[:-1])
        pmf[cell] = NOISE**wrong * (1 - NOISE) ** (num_sources - wrong) / 2
    return pmf


def independent(*sizes):
    """Independent uniform variables."""
    return np.full(sizes, 1 / np.prod(sizes))


def neuron(values, drive):
    """A neuron that fires with probability σ(drive(sources)). Its sources have a Gaussian profile, and correlations of 0.5."""
    grid = np.meshgrid(*values, indexing="ij")
    covariance = 0.5 * np.eye(len(values)) + 0.5
    stacked = np.stack(grid)
    weight = np.exp(-0.5 * np.einsum("i...,ij,j...->...", stacked, np.linalg.inv(covariance), stacked))
    theta = 1 / (1 + np.exp(-drive(*grid)))
    pmf = np.stack([weight * (1 - theta), weight * theta], axis=-1)
    return pmf / pmf.sum()


def sigmoid(x):
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


TWO, THREE = (LEVELS, LEVELS), (LEVELS, LEVELS, np.array([-1.0, 1.0]))
CASES = {
    "independent": independent(2, 2, 2),
    "independent 5 × 5": independent(5, 5, 2),
    "XOR": gates.parity(2),
    "XOR with noise": with_noise(gates.parity(2)),
    "AND": gates.and_gate(2),
    "copy": gates.copy_gate(2),
    "unique": gates.unique_gate(2),
    "redundant with noise": redundant(2),
    "neuron, sum": neuron(TWO, lambda f, c: f + 0.5 * c),
    "neuron, modulated": neuron(TWO, lambda f, c: f * (0.5 + sigmoid(2 * f * c))),
    "neuron, product": neuron(TWO, lambda f, c: f * c),
    "independent 5 × 5 × 2": independent(5, 5, 2, 2),
    "parity of 3": gates.parity(3),
    "parity of 3 with noise": with_noise(gates.parity(3)),
    "AND of 3": gates.and_gate(3),
    "3 redundant with noise": redundant(3),
    "neuron of 3, sum": neuron(THREE, lambda f, c, side: f + 0.5 * c + 0.5 * side),
    "neuron of 3, modulated": neuron(THREE, lambda f, c, side: f * (0.1 + 0.6 * (sigmoid(2 * f * c) + sigmoid(2 * f * side)))),
}


def estimates(pmf, samples, rng):
    """One sample: the estimate of each label by each estimator, and the observations per occupied cell."""
    cells = np.unravel_index(rng.choice(pmf.size, size=samples, p=pmf.ravel()), pmf.shape)
    observations = discretize_samples(cells[:-1], cells[-1])
    measure = resolve_measure("sx")
    tables = ResampledTables(observations, measure)
    plug_in = values_of(observations.decompose(measure))
    found = {
        "none": plug_in,
        "shuffle": plug_in - null_values(tables, PermuteTarget(), SHUFFLES, rng).mean(axis=0),
        "quadratic": quadratic(tables, plug_in, rng),
        "miller-madow": miller_madow(observations, plug_in),
    }
    return np.stack([found[name] for name in ESTIMATORS]), samples / len(observations.occupied[0])


def judged(name, pmf, repeats, seed):
    """The rows of one case."""
    num_sources = pmf.ndim - 1
    truth, labels = values_of(decompose(pmf)), labels_of(num_sources)
    num_cells = int((pmf > 0).sum())
    for per_cell in PER_CELL:
        rng = np.random.default_rng([seed, list(CASES).index(name), per_cell])
        drawn, occupied = zip(*(estimates(pmf, per_cell * num_cells, rng) for _ in range(repeats)), strict=True)
        errors = np.stack(drawn) - truth
        bias, sd, rmse = errors.mean(axis=0), errors.std(axis=0, ddof=1), np.sqrt((errors**2).mean(axis=0))
        for e, estimator in enumerate(ESTIMATORS):
            for i, label in enumerate(labels):
                if np.isnan(bias[e, i]):
                    continue  # there is no such correction of atoms
                yield {
                    "case": name,
                    "sources": num_sources,
                    "sizes": " ".join(map(str, pmf.shape)),
                    "cells": num_cells,
                    "per_cell": per_cell,
                    "per_occupied_cell": significant(np.mean(occupied), 3),
                    "n": per_cell * num_cells,
                    "repeats": repeats,
                    "label": label,
                    "estimator": estimator,
                    "truth": significant(truth[i]),
                    "bias": significant(bias[e, i]),
                    "sd": significant(sd[e, i]),
                    "rmse": significant(rmse[e, i]),
                }


SHOWN = {
    2: ("independent 5 × 5", "XOR", "XOR with noise", "redundant with noise", "neuron, modulated"),
    3: ("independent 5 × 5 × 2", "parity of 3", "parity of 3 with noise", "3 redundant with noise", "neuron of 3, modulated"),
}
COLORS = dict(zip(ESTIMATORS, (SERIES[7], SERIES[0], SERIES[5], SERIES[2]), strict=True))


@FuncFormatter
def _minor(value, _):
    """Label the minor ticks 2 and 5 of a logarithmic axis."""
    digit = f"{value:.0e}"[0]
    return f"{value:g}" if digit in "25" else ""


def draw(table, num_sources, path):
    """Bias (with ± sd) and root mean square error of the synergy, the redundancy and the information of all sources."""
    everything = "".join(str(i + 1) for i in range(num_sources))
    synergy, redundancy = f"{{{everything}}}", "".join(f"{{{i}}}" for i in everything)
    panels = [
        (synergy, "bias", "synergy"),
        (synergy, "rmse", "synergy"),
        (redundancy, "rmse", "redundancy"),
        (f"I{synergy}", "rmse", "information"),
    ]
    figure, axes = new_figure(len(SHOWN[num_sources]), len(panels), width=2.7, height=2.4)
    for ax, (label, quantity, word), case in zip(
        axes, [p for p in panels for _ in SHOWN[num_sources]], SHOWN[num_sources] * len(panels), strict=True
    ):
        rows = table[(table["case"] == case) & (table["label"] == label)]
        for estimator, own in rows.groupby("estimator", sort=False):
            color = COLORS[estimator]
            ax.plot(own["per_cell"], own[quantity], color=color, marker="o", markersize=3, label=estimator)
            if quantity == "bias":
                ax.fill_between(own["per_cell"], own["bias"] - own["sd"], own["bias"] + own["sd"], color=color, alpha=0.15, linewidth=0)
        ax.set_xscale("log", base=2)
        ax.set_xticks(PER_CELL, [str(k) for k in PER_CELL])
        if quantity == "bias":
            ax.axhline(0, color="#888888", linewidth=0.8)
            ax.set_title(case, fontsize="medium")
        else:
            ax.set_yscale("log")
            ax.yaxis.set_major_formatter("{x:g}")
            ax.yaxis.set_minor_formatter(_minor)
        if case == SHOWN[num_sources][0]:
            ax.set_ylabel(f"{'bias ± sd' if quantity == 'bias' else 'RMS error'} of the\n{word} {label} (bits)")
        if label.startswith("I"):
            ax.set_xlabel("observations per cell")
    axes[-1].legend(frameon=False, fontsize="small")
    save_picture(figure, path, dpi=120)
    print(path)


def main():
    """Write the table and draw the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--from", dest="table", type=Path, help="draw this table instead of measuring")
    parser.add_argument("--figures", type=Path, help="folder for the figures")
    options = parser.parse_args()
    path = options.table or options.out
    if path is None:
        parser.error("give --out or --from")
    if options.table is None:
        rows = []
        for name, pmf in CASES.items():
            rows += judged(name, pmf, options.repeats, options.seed)
            print(name, flush=True)
        command = f"python benchmarks/sampling_bias.py --repeats {options.repeats} --seed {options.seed} --out {path}"
        write(rows, path, command, options.seed)
    if options.figures:
        table = pd.read_csv(path, comment="#")
        for num_sources, name in ((2, "sampling-bias.png"), (3, "sampling-bias-three.png")):
            draw(table, num_sources, options.figures / name)


if __name__ == "__main__":
    main()
