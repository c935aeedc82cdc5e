"""Compare neurons with different goals: terms, selectivity, redundancy, noise, bins, and their weight in the readout.

python benchmarks/what_neurons_do.py runs/* --results results/what-neurons-do --images docs/images

Measured on validation images, which were used neither for training nor for choices; only the accuracy of the network is measured on test
images. Writes `runs.csv`, one row per run and measure, with its distribution over the neurons, and `compared.csv`, the differences of two goals.
The first two goals, in the order of the runs, are compared and drawn.
"""

import argparse
import csv
import itertools
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import torch

from infomorphic.analysis import Trained, analyze_neurons, estimator_health, overview
from infomorphic.estimation import LargestMagnitude
from infomorphic.objective import LocalGoal
from infomorphic.plots.palette import SERIES
from infomorphic.tasks.classification.data import build_network
from infomorphic.training import Run
from infomorphic.training.run import environment_of_process

NARROW = "C and L in bins of their range (bits)"
SHOWN = ("{F}{C}{L}", "{F}{C}", "{F}{L}", "{F}", "{FC}", "{FL}", "{FCL}")
LEVELS = {"min": 0.0, "q1": 0.25, "median": 0.5, "q3": 0.75, "max": 1.0}


@dataclass
class Measured:
    """A run: numbers by neuron, numbers of the whole layer, and the data of the figures."""

    goal: str
    seed: int
    commit: str
    by_neuron: dict
    of_layer: dict
    responses: torch.Tensor
    currents: dict

    @property
    def active(self):
        """Neurons with at least 0.01 bit of information about the class."""
        return self.by_neuron["label information (bits)"] >= 0.01


def measure(path):
    """Measure everything about a run."""
    run = Run.open(path)
    trained = Trained.load(run)
    neurons = analyze_neurons(trained)
    output = trained.with_labels[trained.layer_name]
    goal = trained.network.network.goals[trained.layer_name]
    currents = dict(zip(output.sources, output.currents, strict=True))
    binnings = dict(zip(goal.goal.sources, goal.binnings, strict=True))
    weight_decay = run.config.network.hidden_optimizer.weight_decay
    atoms = {label: values.double() for label, values in neurons.atoms.items()}
    responses = neurons.selectivity.mean_firing_prob.T
    before, on_side = _context_sides(run, trained)
    correlation = neurons.similarity.correlation.abs().fill_diagonal_(0)
    varies = trained.firing_prob.std(0) > 1e-3
    by_neuron = {
        **{f"{label} (bits)": values for label, values in atoms.items()},
        "goal (bits)": neurons.goal.double(),
        # Every antichain below {S} has {S} as a member.
        **{f"I(Y:{s}) (bits)": sum(v for label, v in atoms.items() if f"{{{s}}}" in label) for s in "FCL"},
        "I∩(F;C) (bits)": sum(v for label, v in atoms.items() if "{F}" in label and "{C}" in label),
        "I∩(F;L) (bits)": neurons.shared_with_lateral.double(),
        "label information (bits)": neurons.selectivity.label_information,
        "output entropy (bits)": neurons.selectivity.entropy,
        "noise (bits)": neurons.selectivity.noise,
        "certainty, mean |2θ−1|": (2 * trained.firing_prob - 1).abs().double().mean(0),
        "classes with firing probability over 1/2": (responses > 0.5).double().sum(1),
        "smaller of the two groups of classes": torch.minimum((responses > 0.5).sum(1), (responses <= 0.5).sum(1)).double(),
        "effective classes when firing": _perplexity(responses),
        "effective classes when silent": _perplexity(1 - responses),
        "range of class means": responses.amax(1) - responses.amin(1),
        "mean |correlation| with other neurons": correlation.sum(1) / (len(correlation) - 1),
        "largest |correlation| with another neuron": correlation.amax(1),
        "shared with the most similar neuron (bits)": neurons.similarity.mutual_information.amax(1),
        "accuracy lost without it (points)": torch.tensor([100 * loss.accuracy for loss in neurons.losses]),
        "images wrong without it": torch.tensor([float(loss.wrong) for loss in neurons.losses]),
        "norm of feedforward weights": trained.weights("F").double().norm(dim=1),
        "norm of context weights": trained.weights("C").double().norm(dim=1),
        "norm of lateral weights": trained.weights("L").double().norm(dim=1),
        "share of the readout's input (%)": _share_of_readout(trained),
        "range of C (bins)": _range_in_bins(currents["C"], binnings["C"]),
        "range of L (bins)": _range_in_bins(currents["L"], binnings["L"]),
        "range of F (bins)": _range_in_bins(currents["F"], binnings["F"]),
        "classes with C above its bin edge at 0": on_side.double().sum(1),
        "classes whose C changed sign by training": (before != on_side).double().sum(1),
        "classes whose response follows the sign of C": _agreement(responses > 0.5, on_side),
        **{f"{s}, share in two fullest bins": v for s, v in estimator_health(trained).in_two_bins.items()},
        **{f"{s}, share in outermost bins": v for s, v in estimator_health(trained).outermost.items()},
        **_with_narrow_bins(trained, output, goal),
    }
    active = by_neuron["label information (bits)"] >= 0.01
    layer = overview(neurons)
    distinguishing = [a + b for a, b in zip(layer.by_firing, layer.by_silence, strict=True)]
    patterns = {min(tuple(r.tolist()), tuple((~r).tolist())) for r in (responses > 0.5)[active]}
    of_layer = {
        "test accuracy, one sample (%)": 100 * run.summary["test_accuracy"],
        "test accuracy, expected outputs (%)": 100 * run.summary["test_accuracy_expected"],
        "neurons with less than 0.01 bit about the class": layer.idle,
        "neurons whose C has one sign for all classes before training": int(_one_sided(before).sum()),
        "of these, neurons with less than 0.01 bit about the class": int((_one_sided(before) & ~active).sum()),
        "neurons whose C has one sign for all classes": int(_one_sided(on_side).sum()),
        "of those, neurons with less than 0.01 bit about the class": int((_one_sided(on_side) & ~active).sum()),
        "neurons whose noise exceeds 0.95 bit": int((neurons.selectivity.noise > 0.95).sum()),
        "neurons with |correlation| ≥ 0.9 with a kept one": layer.redundant,
        "neurons removable without loss": layer.costless,
        "most neurons that distinguish a class": max(distinguishing),
        "fewest neurons that distinguish a class": min(distinguishing),
        "distinct divisions of the classes": len(patterns),
        "effective dimensions of the layer": _participation(trained.firing_prob[:, varies]),
        "weight of idle neurons in the readout's input (%)": float(by_neuron["share of the readout's input (%)"][~active].sum()),
    }
    name = str(run.config.network.goal) + ("" if weight_decay else ", no weight decay")
    commit = run.environment.get("commit") or ""
    return Measured(name, run.config.training.seed, commit, by_neuron, of_layer, responses, {s: c[:2000] for s, c in currents.items()})


def _context_sides(run, trained):
    """For each neuron and class, whether C lies above zero, an edge of its bins: before and after training."""

    def sides(network):
        context = network.network.layers[trained.layer_name].connections["C"]
        return context.weight.detach() + context.bias.detach()[:, None] > 0

    before, after = sides(build_network(run.config, trained.data)), sides(trained.network)
    return before, after


def _one_sided(on_side):
    """Neurons whose bins of C carry no information about the class."""
    return on_side.all(1) | ~on_side.any(1)


def _agreement(fires, on_side):
    """The number of classes whose response follows the side of C; information ignores sign, so it is at least half of them."""
    same = (fires == on_side).double().sum(1)
    return torch.maximum(same, fires.shape[1] - same)


def _perplexity(weight):
    """2^H of the weights as a distribution over the classes: the number of classes if all had the same weight."""
    share = weight / weight.sum(1, keepdim=True).clamp(min=1e-12)
    return 2 ** -(torch.xlogy(share, share).sum(1) / torch.log(torch.tensor(2.0)))


def _participation(firing_prob):
    """(Σ λ)² / Σ λ² of the covariance of expected outputs: the number of dimensions if all had the same variance."""
    values = torch.linalg.eigvalsh(torch.cov(firing_prob.double().T))
    return float(values.sum() ** 2 / values.square().sum())


def _share_of_readout(trained):
    """The share of each hidden neuron in the standard deviations of weight · output, summed over the readout neurons."""
    weight = trained.network.network.layers["readout"].connections["F"].weight.detach().double()
    brought = weight.abs().sum(0) * trained.withheld[trained.layer_name].output.double().std(0)
    return 100 * brought / brought.sum()


def _range_in_bins(current, binning):
    """The distance between the 1st and the 99th percentile of a current in bin widths."""
    low, high = current.double().quantile(0.01, dim=0), current.double().quantile(0.99, dim=0)
    return (high - low) * binning.num_bins / (binning.high - binning.low)


def _with_narrow_bins(trained, output, goal):
    """Terms of the same neurons if the 20 bins of C and L spanned the range of each neuron's current."""
    own = LargestMagnitude(20)
    terms = LocalGoal(goal.goal, {"F": dict(zip(goal.goal.sources, goal.binnings, strict=True))["F"], "C": own, "L": own}).terms(output)
    found = {f"{label}, {NARROW}": terms[label].double() for label in (*SHOWN, "H_res")}
    for s in "CL":
        found[f"I(Y:{s}), {NARROW}"] = sum(v.double() for label, v in terms.items() if f"{{{s}}}" in label)
    return found


def rows_of(run, environment):
    """One row per measure."""
    fixed = {"goal": run.goal, "dataset": "mnist", "hidden": len(run.responses), "seed": run.seed}
    for measure_, values in run.by_neuron.items():
        # All terms of a neuron without information are zero except its residual entropy.
        parts = {"all": torch.ones_like(run.active), "active": run.active}
        for which, chosen in parts.items():
            if which == "all" and "}" in measure_:
                continue
            some = values[chosen].double()
            levels = {k: round(float(some.quantile(q)), 5) for k, q in LEVELS.items()}
            row = {**fixed, "measure": measure_, "over": which, "neurons": len(some), "mean": round(float(some.mean()), 5), **levels}
            yield {**row, "run_commit": run.commit, **environment}
    for measure_, value in run.of_layer.items():
        row = {
            **fixed,
            "measure": measure_,
            "over": "layer",
            "neurons": len(run.responses),
            "mean": round(value, 5),
            **dict.fromkeys(LEVELS),
        }
        yield {**row, "run_commit": run.commit, **environment}


def _is_kept(row, in_full):
    """Goals that are not compared in full have fewer rows."""
    atoms = {f"{label} (bits)" for label in ("{F}{C}{L}", "{F}{C}", "{F}{L}", "{F}")}
    return row["goal"] in in_full or row["over"] in ("layer", "all") or row["measure"] in atoms


def compared(one, other, environment):
    """The difference of two goals in each measure: medians, and the probability that a neuron of the first exceeds one of the second (ties count half)."""
    for measure_, which in itertools.product(one[0].by_neuron, ("all", "active")):
        if which == "all" and "}" in measure_:
            continue
        first, second = (
            [r.by_neuron[measure_][r.active if which == "active" else slice(None)].double() for r in runs] for runs in (one, other)
        )
        exceeds = [float(((a[:, None] > b) + 0.5 * (a[:, None] == b)).double().mean()) for a, b in itertools.product(first, second)]
        row = {"measure": measure_, "over": which}
        for name, runs in (("first", first), ("second", second)):
            medians = [float(v.quantile(0.5)) for v in runs]
            row |= {f"{name}_median": round(sorted(medians)[len(medians) // 2], 5), f"{name}_low": round(min(medians), 5)}
            row |= {f"{name}_high": round(max(medians), 5)}
        row |= {"first_exceeds_second": round(sum(exceeds) / len(exceeds), 3)}
        row |= {"lowest_of_pairs": round(min(exceeds), 3), "highest_of_pairs": round(max(exceeds), 3)}
        yield {"first": one[0].goal, "second": other[0].goal, **row, **environment}


def write(rows, path):
    """A table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} rows in {path}")


def draw_atoms(groups, path):
    """For every term, the neurons of two goals: range from the 5th to the 95th percentile, quartiles and median of each seed."""
    labels = [k for k in groups[0][0].by_neuron if k.endswith("} (bits)")] + ["H_res (bits)"]
    figure, ax = plt.subplots(figsize=(8.6, 7.6), layout="constrained")
    for position, label in enumerate(labels):
        for g, runs in enumerate(groups):
            for s, run in enumerate(runs):
                levels = torch.tensor([0.05, 0.25, 0.5, 0.75, 0.95], dtype=torch.float64)
                low, q1, middle, q3, high = run.by_neuron[label][run.active].quantile(levels).tolist()
                y = position + (g - 0.5) * 0.42 + (s - 1) * 0.11
                ax.plot([low, high], [y, y], color=SERIES[g], linewidth=0.8)
                ax.plot([q1, q3], [y, y], color=SERIES[g], linewidth=2.6, solid_capstyle="butt")
                ax.plot(middle, y, "o", color="white", markeredgecolor=SERIES[g], markersize=3.2)
    ax.axvline(0, color="0.6", linewidth=0.8, zorder=0)
    ax.set_xscale("symlog", linthresh=0.02, linscale=1.2)
    ax.set_xticks(
        [-0.05, -0.02, -0.01, 0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
        ["−0.05", "−0.02", "−0.01", "0", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5"],
    )
    ax.minorticks_off()
    ax.set_yticks(range(len(labels)), [label.removesuffix(" (bits)") for label in labels])
    ax.invert_yaxis()
    ax.grid(axis="y", color="0.92", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.set_xlabel("bits (linear within ±0.02)")
    _legend(ax, groups, "lower left")
    _save(figure, path)


def draw_distributions(groups, path):
    """Cumulative distributions over all neurons of a few measures, one line per seed."""
    chosen = ("label information (bits)", "noise (bits)", "norm of feedforward weights", "smaller of the two groups of classes")
    chosen = (*chosen, "largest |correlation| with another neuron", "accuracy lost without it (points)")
    figure, axes = plt.subplots(2, 3, figsize=(10.6, 6.0), layout="constrained", sharey=True)
    for ax, name in zip(axes.flat, chosen, strict=True):
        for g, runs in enumerate(groups):
            for run in runs:
                values = run.by_neuron[name].double().sort().values
                height = torch.arange(1, len(values) + 1) / len(values)
                ax.step(values, height, color=SERIES[g], linewidth=1.2, where="post", alpha=0.85)
        ax.set(xlabel=name, ylim=(0, 1))
        ax.spines[["top", "right"]].set_visible(False)
    for ax in axes[:, 0]:
        ax.set_ylabel("share of the neurons up to")
    _legend(axes[0, 0], groups, "lower right")
    _save(figure, path)


def draw_responses(groups, path):
    """The mean response of every neuron to every class, for the first seed of two goals; ordered by their information about the class."""
    figure, axes = plt.subplots(len(groups), 1, figsize=(10.6, 4.6), layout="constrained")
    for ax, runs in zip(axes, groups, strict=True):
        run = runs[0]
        order = run.by_neuron["label information (bits)"].argsort(descending=True)
        image = ax.imshow(run.responses[order].T, cmap="RdBu", vmin=0, vmax=1, aspect="auto", interpolation="nearest")
        ax.set(ylabel="class", title=f"{run.goal}, seed {run.seed}")
        ax.set_yticks(range(run.responses.shape[1]))
        edge = int(run.active.sum()) - 0.5
        if edge < len(order) - 1:
            ax.axvline(edge, color="black", linewidth=1.0)
            ax.text(edge + 0.6, -0.8, "less than 0.01 bit", fontsize="small", ha="left", va="bottom")
    axes[-1].set_xlabel("neurons, in descending order of information about the class")
    figure.colorbar(image, ax=axes, label="mean firing probability", shrink=0.7)
    _save(figure, path)


def draw_bins(groups, path):
    """Where context and lateral currents lie among their bins, and the terms if the bins spanned the range of the currents."""
    figure, axes = plt.subplots(1, 3, figsize=(11.6, 3.8), layout="constrained", width_ratios=[1, 1, 1.5])
    for ax, source in zip(axes, "CL", strict=False):
        for edge in (-4, -2, 0, 2, 4):
            ax.axvline(edge, color="0.55", linewidth=0.8, linestyle=":")
        for g, runs in enumerate(groups):
            values = torch.cat([r.currents[source][:, r.active].flatten() for r in runs])
            ax.hist(
                values.clamp(-4.4, 4.4).numpy(),
                bins=torch.linspace(-4.4, 4.4, 89).numpy(),
                density=True,
                histtype="step",
                color=SERIES[g],
                linewidth=1.3,
            )
        ax.set(xlabel=f"{source} (dotted: edges of its bins)", xlim=(-4.4, 4.4), yticks=[])
    axes[0].set_ylabel("density")
    labels = ["I(Y:C)", "I(Y:L)", *SHOWN, "H_res"]
    for position, label in enumerate(labels):
        for g, runs in enumerate(groups):
            ends = [
                sorted(float(r.by_neuron[name][r.active].double().quantile(0.5)) for r in runs)[len(runs) // 2]
                for name in (f"{label} (bits)", f"{label}, {NARROW}")
            ]
            y = position + (g - 0.5) * 0.36
            axes[2].annotate(
                "", (ends[1], y), (ends[0], y), arrowprops={"arrowstyle": "->", "color": SERIES[g], "shrinkA": 0, "shrinkB": 0}
            )
            axes[2].plot(ends[0], y, "o", color=SERIES[g], markersize=4)
    axes[2].set_yticks(range(len(labels)), labels)
    axes[2].invert_yaxis()
    axes[2].axvline(0, color="0.6", linewidth=0.8, zorder=0)
    axes[2].set_xlabel("bits, median: ● bins as trained, → of the current's range")
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
    _legend(axes[2], groups, "lower right")
    _save(figure, path)


def _legend(ax, groups, place):
    handles = [plt.Line2D([], [], color=SERIES[g], linewidth=2.5) for g in range(len(groups))]
    ax.legend(handles, [runs[0].goal.removeprefix("trivariate/") for runs in groups], loc=place, frameon=False, fontsize="small")


def _save(figure, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    plt.close(figure)
    print(path)


def main():
    """Measure, write two tables, draw four figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--results", required=True, type=Path)
    parser.add_argument("--images", required=True, type=Path)
    options = parser.parse_args()
    process = environment_of_process()
    environment = {"command": "python benchmarks/what_neurons_do.py RUNS"}
    environment |= {k: process[k] for k in ("infomorphic", "commit", "torch", "platform", "processor", "cores", "threads")}
    found = []
    for path in options.runs:
        found.append(measure(path))
        print(found[-1].goal, found[-1].seed, found[-1].of_layer)
    by_goal = {}
    for run in found:
        by_goal.setdefault(run.goal, []).append(run)
    groups = list(by_goal.values())[:2]
    in_full = {runs[0].goal for runs in groups}
    rows = [row for run in found for row in rows_of(run, environment) if _is_kept(row, in_full)]
    write(rows, options.results / "runs.csv")
    write(list(compared(*groups, environment)), options.results / "compared.csv")
    for name, draw in (("atoms", draw_atoms), ("distributions", draw_distributions), ("classes", draw_responses), ("bins", draw_bins)):
        draw(groups, options.images / f"what-neurons-do-{name}.png")


if __name__ == "__main__":
    main()
