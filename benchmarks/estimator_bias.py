"""Measure the bias of information terms that are estimated from few samples, or with many bins.

infomorphic train setup-1 --dataset mnist --seed 0 --run runs/setup-1
python benchmarks/estimator_bias.py runs/setup-1 --out results/estimator-bias.csv --figure docs/images/estimator-bias.png

The same plug-in estimate is made from 256 up to all training images of the first run. Further runs are measured only as trained, with 20 bins
and 1024 images. Cases:

trained            currents and firing probabilities of the hidden neurons of a run, images presented with their labels as in training
context shuffled   the same with the context currents permuted among images: C is independent of F, L and the output, and the output stays
independent        Gaussian currents, and a firing probability that is independent of them: every true atom is 0

Bins are over (−20, 20), as published, where these currents fill only a part; or over ± the largest magnitude of the neuron over all images,
whatever the batch. Means are over neurons and disjoint batches; a row has one column per term, in bits.
"""

import argparse
import csv
from dataclasses import dataclass, replace
from pathlib import Path

import matplotlib as mpl
import torch

mpl.use("Agg")
import matplotlib.pyplot as plt

from infomorphic.analysis import Trained
from infomorphic.analysis.health import health_of
from infomorphic.estimation import EqualWidthBinning, FixedRange
from infomorphic.layers import Response
from infomorphic.objective import LocalGoal
from infomorphic.seeding import generator_for
from infomorphic.training import Run
from infomorphic.training.run import environment_of_process

SAMPLES = (256, 512, 1024, 2048, 4096, 8192, 16384)
BINS = (5, 10, 20, 50)
MOST_BATCHES = 8
PUBLISHED, OWN = "(-20, 20)", "own range"
SHOWN = ("{F}{C}", "{F}{L}", "{F}", "{FCL}")


@dataclass(frozen=True, eq=False)
class OwnRange(EqualWidthBinning):
    """± `largest` of each neuron. With the largest magnitude of a batch, bins would change with its size."""

    largest: torch.Tensor = None

    def range(self, current):
        return -self.largest, self.largest


def binnings(bins, output):
    """By name, for each source."""
    own = {s: OwnRange(bins, current.abs().amax(0, keepdim=True)) for s, current in zip(output.sources, output.currents, strict=True)}
    return {PUBLISHED: FixedRange(bins), OWN: own}


def cases(trained, seed):
    """The cases: (name, output of a layer for all samples, goal)."""
    goal = trained.network.network.goals["hidden"].goal
    generator = generator_for(seed, "estimator bias")
    images, labels = trained.data.train_images, trained.data.train_labels
    order = torch.randperm(len(labels), generator=generator)
    layer = trained.network.present(images[order], labels[order], generator)["hidden"]
    yield "trained", layer, goal
    order = torch.randperm(len(labels), generator=generator)
    shuffled = tuple(c[order] if s == "C" else c for s, c in zip(layer.sources, layer.currents, strict=True))
    yield "context shuffled", replace(layer, currents=shuffled), goal
    drawn = torch.randn(4, *layer.firing_prob.shape, generator=generator)
    yield "independent", Response(tuple(drawn[:3]), torch.sigmoid(2 * drawn[3]), sources=layer.sources), goal


def part(output, start, size):
    """The samples of one batch."""
    rows = slice(start, start + size)
    return Response(tuple(c[rows] for c in output.currents), output.firing_prob[rows], sources=output.sources)


def estimate(output, goal, binning, size):
    """Mean terms over neurons and batches of one size, how full the bins are, and the scatter of one neuron's {F}{C}."""
    local, total = LocalGoal(goal, binning), len(output.firing_prob)
    batches = [part(output, k * size, size) for k in range(min(MOST_BATCHES, total // size))]
    found, single = [], []
    for batch in batches:
        of_neurons = local.terms(batch)
        single.append(of_neurons["{F}{C}"])
        terms = {label: float(values.mean()) for label, values in of_neurons.items()}
        below_context = [label for label in terms if "{C}" in label]
        terms["I(Y:C)"] = sum(terms[label] for label in below_context)
        terms["I(Y:F,C,L)"] = sum(value for label, value in terms.items() if label not in ("H_res", "I(Y:C)"))
        terms["goal"] = goal.value(terms)
        found.append(terms)
    means = {label: sum(f[label] for f in found) / len(found) for label in found[0]}
    health = health_of(local.currents(batches[0]), local.binnings, goal.sources)
    scatter = round(float(torch.stack(single).std(0).mean()), 6) if len(single) > 1 else ""
    filled = {f"in_two_bins_{s}": round(float(v.mean()), 4) for s, v in health.in_two_bins.items()}
    filled |= {f"least_in_two_bins_{s}": round(float(v.min()), 4) for s, v in health.in_two_bins.items()}
    largest = zip(goal.sources, local.currents(output), strict=True)
    filled |= {f"largest_{s}": round(float(current.abs().amax(0).mean()), 3) for s, current in largest}
    return {
        "batches": len(batches),
        "samples_a_cell": round(float(health.samples_a_cell.mean()), 2),
        **filled,
        "scatter_of_{F}{C}_of_a_neuron": scatter,
        **{label: round(value, 6) for label, value in means.items()},
    }


def draw(rows, path):
    """Draw terms against the number of samples: one column per case, one line per number of bins."""
    columns = {
        ("trained", PUBLISHED): "trained, bins over (−20, 20)",
        ("trained", OWN): "trained, bins over own range",
        ("independent", OWN): "independent: 0 in truth",
    }
    first = [r for r in rows if all(r[k] == rows[0][k] for k in ("preset", "goal_trained", "seed"))]
    figure, axes = plt.subplots(len(SHOWN), len(columns), figsize=(10.5, 9.6), layout="constrained", sharex=True, sharey="row")
    for ((case, binning), title), column in zip(columns.items(), axes.T, strict=True):
        column[0].set_title(title, fontsize="medium")
        for ax, term in zip(column, SHOWN, strict=True):
            ax.axhline(0, color="#888888", linewidth=0.8)
            for bins in BINS:
                own = [r for r in first if (r["case"], r["binning"], r["bins"]) == (case, binning, bins)]
                ax.plot([r["samples"] for r in own], [r[term] for r in own], marker="o", markersize=3, label=f"{bins} bins")
            ax.axvline(1024, color="#888888", linewidth=0.8, linestyle=":")
            ax.set_xscale("log", base=2)
            ax.set_ylabel(f"{term} (bits)")
            ax.spines[["top", "right"]].set_visible(False)
        column[-1].set_xlabel("samples")
    axes[0, 0].legend(frameon=False, fontsize="small")
    figure.savefig(path, dpi=120)
    plt.close(figure)
    print(path)


def measure(path, whole):
    """The rows of a run: all of them, or only the estimate as trained."""
    run = Run.open(path)
    trained = Trained.load(run)
    of_run = {
        "goal_trained": run.config.network.goal,
        "preset": run.config.preset,
        "dataset": run.config.data.dataset,
        "seed": trained.seed,
    }
    rows = []
    for case, output, goal in cases(trained, trained.seed):
        total = len(output.firing_prob)
        for bins in BINS if whole else (20,):
            for name, binning in binnings(bins, output).items():
                if case == "independent" and name == PUBLISHED:
                    continue  # standard Gaussian currents would fall into a few of these bins
                if not whole and (case, name) != ("trained", PUBLISHED):
                    continue
                for size in (*(s for s in SAMPLES if s < total), total) if whole else (1024,):
                    setting = {"case": case, "binning": name, "bins": bins, "samples": size}
                    rows.append({**of_run, **setting, **estimate(output, goal, binning, size)})
                print(path, case, name, bins, {t: rows[-1][t] for t in SHOWN}, flush=True)
    return rows


def main():
    """Write one row per case, binning, number of bins and number of samples."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=Path, help="runs of presets with trivariate hidden neurons")
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--figure", type=Path)
    options = parser.parse_args()
    rows = [row for number, path in enumerate(options.runs) for row in measure(path, whole=number == 0)]
    if options.figure:
        draw(rows, options.figure)
    environment = environment_of_process()
    kept = {k: environment[k] for k in ("infomorphic", "commit", "python", "torch", "platform", "processor", "cores", "threads")}
    provenance = {"command": "python benchmarks/estimator_bias.py RUNS", **kept}
    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0], *provenance], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, **provenance} for row in rows)
    print(f"{len(rows)} rows in {options.out}")


if __name__ == "__main__":
    main()
