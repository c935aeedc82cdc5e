"""Make everything on the page about learning without labels: the search for a goal, the runs, and the figures.

python benchmarks/bars.py search --out results/bars-goal-search.csv
python benchmarks/bars.py runs --out results/bars.csv
python benchmarks/bars.py table --out results/bars.csv
python benchmarks/bars.py figures --out docs/images --readout runs/readout-mnist runs/readout-digits
"""

import argparse
import csv
import os
import platform
import subprocess
import time
from pathlib import Path

import numba
import numpy as np
import torch

import infomorphic
from infomorphic.goals import Goal
from infomorphic.networks.settings import Optimizer
from infomorphic.tasks.bars import (
    Bars,
    Unsupervised,
    build,
    evaluate,
    firing_prob,
    fit,
    layer_information,
    patches,
    receptive_fields,
)

REPORTED = range(10)
"""Seeds of `runs`; all choices were made on other seeds."""

KNOWN = {
    "{F}": "heuristic",
    "{F} + {F}{C}": "I(Y : F)",
    "{F} - {F}{C}": "",
    "0.828 {F} - 0.204 {C} + 0.903 {F}{C} + 0.527 {FC} + 0.135 H_res": "lateral/optimized-1",
    "0.805 {F} - 0.408 {C} + 0.538 {F}{C} + 0.563 {FC} - 0.00973 H_res": "lateral/optimized-2",
}
"""Goals that the search tries besides random ones: published goals of neurons whose second source is lateral, and obvious ones."""


def with_decay(weight_decay, **changes):
    """Settings with another weight decay, and other changes."""
    return Unsupervised(optimizer=Optimizer(learning_rate=0.01, weight_decay=weight_decay), **changes)


FOUND = "-0.191 {F} - 0.603 {C} - 0.818 {F}{C} + 0.161 {FC} - 0.403 H_res"
"""The best goal of `search` on the seeds from 110."""

PATCHES = with_decay(0.02, neurons=16, epochs=30)
"""Settings for patches."""


def train(data, settings, seed, every_epoch=True):
    """Train one layer; return its evaluation after each epoch (or only the last), and the seconds of training."""
    generator = torch.Generator().manual_seed(seed)
    images = data.sample(settings.images, generator).images
    evaluations, seconds, started = [], 0.0, 0.0

    def on_epoch(epoch, network):
        nonlocal seconds, started
        if epoch:
            seconds += time.perf_counter() - started
        if epoch and (every_epoch or epoch == settings.epochs):
            # A separate generator, so that evaluation does not change training.
            evaluations.append(evaluate(network, data, torch.Generator().manual_seed(seed + 10_000)))
        started = time.perf_counter()

    network = fit(settings, images, generator, on_epoch)
    return network, evaluations, seconds


def score(goal, weight_decay, seeds, epochs):
    """The objective of the search: the fraction of correct bits of sampled outputs, mean over epochs and seeds."""
    settings = with_decay(weight_decay, goal=goal, epochs=epochs)
    return [float(np.mean([e.bits_correct_sampled for e in train(Bars(), settings, seed)[1]])) for seed in seeds]


def random_goal(rng):
    """Five weights, uniform in [-1, 1]."""
    weights = np.round(rng.uniform(-1, 1, 5), 3).tolist()
    return str(Goal.from_weights(dict(zip(("{F}", "{C}", "{F}{C}", "{FC}", "H_res"), weights, strict=True)), sources="FC"))


def search(options):
    """Evaluate random goals on two seeds, then the best ten and the known ones on ten more seeds. With and without weight decay."""
    rows = []
    for decay in (0.15, 0.0):
        rng = np.random.default_rng(0)
        trials = dict.fromkeys((random_goal(rng) for _ in range(options.trials)), "random") | dict.fromkeys(KNOWN, "known")
        first = {goal: float(np.mean(score(goal, decay, (100, 101), 20))) for goal in trials}
        best = sorted((g for g in trials if trials[g] == "random"), key=first.__getitem__, reverse=True)[:10]
        for goal, kind in trials.items():
            second = float(np.mean(score(goal, decay, range(110, 120), 20))) if goal in best or kind == "known" else None
            rows.append({"weight_decay": decay, "kind": kind, "goal": goal, "name": KNOWN.get(goal, ""), "epochs": 20})
            rows[-1] |= {"score_seeds_100_101": round(first[goal], 4), "score_seeds_110_119": None if second is None else round(second, 4)}
    write(options.out, [{**row, **provenance("python benchmarks/bars.py search")} for row in rows])


def variants():
    """(name, data, settings, number of seeds) of each row of results."""
    eight = Bars()
    yield "8 bars", eight, Unsupervised(), 10
    yield "8 bars, goal found by search", eight, Unsupervised(goal=FOUND), 10
    yield "8 bars, no weight decay", eight, with_decay(0.0), 10
    yield "8 bars, no weight decay, goal found by search", eight, with_decay(0.0, goal=FOUND), 10
    yield "8 bars, 20 bins", eight, Unsupervised(bins=20), 10
    yield "8 bars, goal I(Y : F)", eight, Unsupervised(goal="{F} + {F}{C}"), 10
    # The goal can reach 1 bit, while {F} is at most log2(6/5) with five bins, so the same balance needs a larger weight decay.
    yield "8 bars, goal I(Y : F), weight decay 0.57", eight, with_decay(0.57, goal="{F} + {F}{C}"), 10
    for noise in (0.05, 0.1, 0.2):
        yield f"8 bars, noise {noise}", Bars(noise=noise), Unsupervised(), 5
    yield "8 bars, p = 0.2", Bars(p=0.2), Unsupervised(), 5
    sixteen = {"neurons": 16, "epochs": 60}
    yield "16 bars, sum", Bars(orientation="both", overlap="sum"), with_decay(0.07, **sixteen), 5
    yield "16 bars, union", Bars(orientation="both"), with_decay(0.05, **sixteen), 5
    yield "16 bars, union, p = 0.2", Bars(orientation="both", p=0.2), with_decay(0.3, **sixteen), 5
    yield "16 bars, sum, goal found by search", Bars(orientation="both", overlap="sum"), with_decay(0.07, goal=FOUND, **sixteen), 5


def runs(options):
    """One row per variant and seed. Rows that the file already has are not computed again."""
    rows = read(options.out)
    done = {(row["variant"], int(row["seed"])) for row in rows}
    for name, data, settings, seeds in variants():
        for seed in REPORTED[:seeds]:
            if (name, seed) in done:
                continue
            small = data.num_bars <= 8 and not data.noise
            _, evaluations, seconds = train(data, settings, seed, every_epoch=small)
            last = evaluations[-1]
            reached = [i + 1 for i, e in enumerate(evaluations) if e.one_bar_each] if small else []
            row = {"variant": name, "goal": settings.goal, "weight_decay": settings.optimizer.weight_decay, "bins": settings.bins}
            row |= {"overlap": data.overlap if data.orientation == "both" else "", "p": data.p, "noise": data.noise}
            row |= {"bars": data.num_bars, "neurons": settings.neurons, "epochs": settings.epochs, "seed": seed}
            row |= {
                "bits_correct": round(last.bits_correct, 5),
                "bits_correct_sampled": round(last.bits_correct_sampled, 5),
                "bars_coded": last.coding.num_coded,
                "layer_information": round(last.layer_information, 4),
                "layer_information_sampled": round(last.layer_information_sampled, 4),
                "first_epoch_coded": reached[0] if reached else "",
                "seconds": round(seconds, 2),
            }
            print(name, seed, row["bits_correct"], row["bits_correct_sampled"], row["layer_information"], row["seconds"], flush=True)
            rows.append({**row, **provenance("python benchmarks/bars.py runs")})
        order = [name for name, *_ in variants()]
        rows.sort(key=lambda r: (order.index(r["variant"]), int(r["seed"])))
        write(options.out, rows)


def table(options):
    """The rows of `runs` as a Markdown table: means over seeds, ± the largest distance from the mean."""
    rows = read(options.out)
    print("| | seeds | a bar each | bits right (%) | sampled (%) | layer (bit) | sampled (bit) | first epoch | seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in dict.fromkeys(row["variant"] for row in rows):
        own = [row for row in rows if row["variant"] == name]
        cells = [name, str(len(own)), f"{sum(float(row['bits_correct']) >= 0.99 for row in own)} of {len(own)}"]
        columns = (
            ("bits_correct", 100, 1),
            ("bits_correct_sampled", 100, 1),
            ("layer_information", 1, 2),
            ("layer_information_sampled", 1, 2),
        )
        for key, factor, decimals in columns:
            values = factor * np.array([float(row[key]) for row in own])
            spread = np.abs(values - values.mean()).max()
            cells.append(f"{values.mean():.{decimals}f}" + (f" ± {spread:.{decimals}f}" if round(spread, decimals) else ""))
        first = sorted(int(row["first_epoch_coded"]) for row in own if row["first_epoch_coded"])
        # With noise or sixteen bars, layers are evaluated only at the end.
        cells.append(f"{first[0]}–{first[-1]}" if first else "")
        cells.append(f"{np.mean([float(row['seconds']) for row in own]):.0f}")
        print(f"| {' | '.join(cells)} |")


def provenance(command):
    """The command, versions and machine."""
    git = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    made = {"command": command, "infomorphic": infomorphic.__version__, "commit": git, "python": platform.python_version()}
    made |= {"torch": torch.__version__, "numpy": np.__version__, "numba": numba.__version__, "platform": platform.platform()}
    return made | {"processor": platform.machine(), "cores": os.cpu_count(), "threads": torch.get_num_threads()}


def read(path):
    """The rows of a file; none if it does not exist."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path, rows):
    """Replace the file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def figures(options):
    """The pictures of the page, all from seed 0."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    from infomorphic.plots import plot_receptive_fields

    def save(name, panels, width, height):
        """Draw panels below each other: (title, rows, shape of a row, labels above the images)."""
        figure, axes = plt.subplots(len(panels), 1, figsize=(width, height), layout="constrained", squeeze=False)
        for ax, (title, rows, shape, titles) in zip(axes[:, 0], panels, strict=True):
            plot_receptive_fields(rows, shape, ax, columns=min(len(rows), 16), title=title, titles=titles)
        figure.savefig(options.out / f"{name}.png", dpi=130)
        plt.close(figure)

    def learned(data, settings):
        """Fields in the order of the bars that they code, with the bars' numbers."""
        network, evaluations, _ = train(data, settings, 0, every_epoch=False)
        coding = evaluations[-1].coding
        order = coding.bar.argsort()
        words = [f"{coding.bar[n] + 1}{'−' if coding.inverted[n] else ''}" for n in order]
        return receptive_fields(network)[order], (8, 8), words

    generator = torch.Generator().manual_seed(0)
    both, summed = Bars(orientation="both"), Bars(orientation="both", overlap="sum")
    examples = [
        ("8 bars", Bars()),
        ("16 bars, union", both),
        ("16 bars, sum", summed),
        ("8 bars, 10 % of pixels inverted", Bars(noise=0.1)),
    ]
    save("bars-images", [(name, data.sample(12, generator).images, (8, 8), None) for name, data in examples], 8, 4)
    untrained = receptive_fields(build(Unsupervised(), 64, torch.Generator().manual_seed(0)))
    panels = [
        ("before learning", untrained, (8, 8), None),
        ("{F}", *learned(Bars(), Unsupervised())),
        ("goal found by search", *learned(Bars(), Unsupervised(goal=FOUND))),
        ("{F} without weight decay: neurons of several bars each", *learned(Bars(), with_decay(0.0))),
    ]
    save("bars-fields", panels, 6, 5)
    sixteen = [(name, *learned(data, settings)) for name, data, settings, _ in variants() if data.num_bars == 16 and settings.goal == "{F}"]
    save("bars-sixteen", sixteen, 9, 1.0 * len(sixteen))
    panels = []
    for name, size in (("digits", 4), ("mnist", 8)):
        shown, network = learned_patches(name, size, options.data_dir)
        outputs = (firing_prob(network, shown) >= 0.5).float()
        # Every patch counts as its own pattern, so the result is the entropy of the output words.
        entropy, correlation = layer_information(outputs), outputs.T.corrcoef().triu(1).abs().sum() / (16 * 15 / 2)
        title = f"{name}: 16 neurons, {entropy:.1f} bits together, mean |correlation| {correlation:.2f}"
        panels += [(f"{name}: patches", shown[:16], (size, size), None), (title, receptive_fields(network), (size, size), None)]
    save("bars-patches", panels, 9, 4)
    if options.readout:
        panels = [readout_fields(path, options.data_dir) for path in options.readout]
        save("readout-fields", panels, 8, 1.25 * len(panels))


def learned_patches(name, size, data_dir):
    """20 000 patches of a data set, and the layer that learned from them."""
    from infomorphic.data import load_dataset

    dataset = load_dataset(name, data_dir)
    generator = torch.Generator().manual_seed(0)
    shown = patches(dataset.train_images, dataset.image_shape, size, 20_000, generator)
    return shown, fit(PATCHES, shown, generator)


def readout_fields(path, data_dir):
    """The fields of a run's readout, and the class above each; the sign of inverted neurons is corrected."""
    from infomorphic.data import load_dataset
    from infomorphic.training import Run
    from infomorphic.training.evaluation import labeled_run
    from infomorphic.training.recording import receptive_fields as fields_of

    run = Run.open(path)
    dataset = run.config.data.dataset
    network = labeled_run(run, data_dir).network
    fields = fields_of(network.network)["readout"] * torch.where(network.inverted, -1.0, 1.0)[:, None]
    accuracy = run.summary["test_accuracy"]
    return (
        f"{dataset}: {100 * accuracy:.1f} % of test images right",
        fields,
        load_dataset(dataset, data_dir).image_shape,
        list("0123456789"),
    )


def main():
    """Run one of the commands."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    for name, do in (("search", search), ("runs", runs), ("table", table), ("figures", figures)):
        command = commands.add_parser(name)
        command.set_defaults(do=do)
        command.add_argument("--out", required=True, type=Path)
        if name == "search":
            command.add_argument("--trials", type=int, default=40)
        if name == "figures":
            command.add_argument("--readout", nargs="*", type=Path, default=[], help="run directories of `infomorphic train readout`")
            command.add_argument("--data-dir", type=Path, default=None)
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.do(options)


if __name__ == "__main__":
    main()
