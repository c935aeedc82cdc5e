"""Draw the figures of the page on associative memory from the committed tables of its studies, and print the capacity of each method.

python benchmarks/plot_memory.py --results results --out docs/images
"""

import argparse
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

from infomorphic.plots import plot_memory_basin, plot_memory_capacity, plot_memory_information
from infomorphic.tasks.memory import Settings, capacity

SOFT = "memory/optimized-2, soft 0.5 for 1000 epochs"


def save(figure, path):
    """Write a figure and close it."""
    figure.savefig(path, dpi=140)
    plt.close(figure)
    print(path)


def panels(groups, plot, path):
    """Draw one panel per group, side by side, with one legend."""
    figure, axes = plt.subplots(1, len(groups), figsize=(4.2 * len(groups) + 2.0, 3.8), layout="constrained", sharey=True)
    for ax, (title, rows) in zip(axes, groups.items(), strict=True):
        plot(rows.to_dict("records"), ax, title=title)
        if ax is not axes[-1]:
            ax.get_legend().remove()
        if ax is not axes[0]:
            ax.set_ylabel("")
    save(figure, path)


def main():
    """Write the figures and print the capacity of each method, size and overlap."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=Path("results"))
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    trials = pd.concat([pd.read_csv(path) for path in sorted((options.results / "studies").glob("capacity*.csv"))], ignore_index=True)
    usual = Settings().external_weight
    weight = trials["study"].str.extract(r"external_weight=([\d.]+)")[0].astype(float).fillna(usual)
    trials["size"] = trials["neurons"].map("{} neurons".format)
    # Only goals have an external weight; the published one is 3 for 800 neurons.
    published = weight == trials["neurons"].eq(800).map({False: usual, True: 3.0})
    trials["as_published"] = published | ~trials["method"].str.startswith("memory/")
    trials.loc[~trials["as_published"], "size"] += weight.map(", external weight {:g}".format)
    independent = trials[trials["correlation"] == 0]
    main_study = independent[independent["neurons"] == 100]
    fine = pd.read_csv(options.results / "memory-capacity.csv")
    scores = pd.concat([main_study, fine[fine["method"] == SOFT]])
    for name, plot, rows in (("capacity", plot_memory_capacity, scores), ("basin", plot_memory_basin, main_study)):
        figure, ax = plt.subplots(figsize=(8.4, 4.2), layout="constrained")
        plot(rows.to_dict("records"), ax)
        save(figure, options.out / f"memory-{name}.png")
    shown = ("hebb", "memory/redundancy", "memory/optimized-2")
    panels({m: main_study[main_study["method"] == m] for m in shown}, plot_memory_information, options.out / "memory-information.png")

    # At 100 neurons far more methods and loads were scanned than at other sizes.
    elsewhere = independent.loc[independent["neurons"] != 100, ["method", "load"]].drop_duplicates()
    compared = independent[independent["as_published"]].merge(elsewhere).sort_values("neurons", kind="stable")
    by_size = {m: own.assign(method=own["size"]) for m, own in compared.groupby("method", sort=False)}
    for name, beyond_one in (("sizes", True), ("sizes-classical", False)):
        shown_here = [(m, own) for m, own in by_size.items() if (own["load"].max() > 1) == beyond_one]
        # Draw the method with the most sizes last, because its legend is shown.
        panels(
            dict(sorted(shown_here, key=lambda entry: entry[1]["method"].nunique())),
            plot_memory_capacity,
            options.out / f"memory-{name}.png",
        )
    # In the order, and thus the colors, of the main study.
    place = {method: i for i, method in enumerate(main_study["method"].unique())}
    correlated = trials[trials["correlation"] > 0].sort_values("method", key=lambda methods: methods.map(place), kind="stable")
    by_overlap = {f"overlap {overlap:g}": own for overlap, own in correlated.groupby("correlation")}
    panels(by_overlap, plot_memory_capacity, options.out / "memory-correlated.png")

    for (method, size, overlap), own in trials.groupby(["method", "size", "correlation"], sort=False):
        reached, loads = capacity(own["load"], own["score"]), own["load"]
        print(f"{method}, {size}, overlap {overlap:g}: {reached}, {own['seed'].nunique()} seeds, loads {loads.min()} to {loads.max()}")
    for method, own in fine.groupby("method", sort=False):
        print(f"fine scan, {method}: capacity {capacity(own['load'], own['score'])}, at most {own['seed'].nunique()} seeds")


if __name__ == "__main__":
    main()
