"""Draw the figures of the page on associative memory from the committed tables of its studies, and print what each method holds.

python benchmarks/plot_memory.py --results results --out docs/images
"""

import argparse
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

from infomorphic.memory import capacity
from infomorphic.plots import plot_memory_basin, plot_memory_capacity, plot_memory_information

SOFT = "memory/optimized-2, soft 0.5"
STUDIES = ("capacity", "capacity-sizes-classical", "capacity-sizes-trained", "capacity-400", "capacity-800", "capacity-correlated")


def save(figure, path):
    """Write a figure and forget it."""
    figure.savefig(path, dpi=140)
    plt.close(figure)
    print(path)


def records(table):
    """The rows of a table as mappings, with None for what is missing."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def panels(groups, plot, path):
    """Draw one panel a group, side by side, with one legend."""
    figure, axes = plt.subplots(1, len(groups), figsize=(4.2 * len(groups) + 2.0, 3.8), layout="constrained", sharey=True)
    for ax, (title, rows) in zip(axes, groups.items(), strict=True):
        plot(rows, ax, title=title)
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
    studies = {name: pd.read_csv(options.results / "studies" / f"{name}.csv") for name in STUDIES}
    main_study = studies["capacity"]
    fine = pd.read_csv(options.results / "memory-capacity.csv")
    scores = pd.concat([main_study, fine[fine["method"] == SOFT]])
    for name, plot, rows in (("capacity", plot_memory_capacity, scores), ("basin", plot_memory_basin, main_study)):
        figure, ax = plt.subplots(figsize=(8.4, 4.2), layout="constrained")
        plot(records(rows), ax)
        save(figure, options.out / f"memory-{name}.png")
    shown = ("hebb", "memory/redundancy", "memory/optimized-2")
    panels(
        {m: records(main_study[main_study["method"] == m]) for m in shown}, plot_memory_information, options.out / "memory-information.png"
    )

    sizes = pd.concat([main_study, *(studies[name] for name in STUDIES[1:-1])])
    by_size = {
        m: records(own.assign(method=own["neurons"].map("{} neurons".format)).sort_values("neurons", kind="stable"))
        for m in ("hebb", "pseudo-inverse", "memory/redundancy", "logistic-regression")
        for own in [sizes[sizes["method"] == m]]
    }
    panels(by_size, plot_memory_capacity, options.out / "memory-sizes.png")
    correlated = studies["capacity-correlated"]
    by_overlap = {f"overlap {c:g}": records(own) for c, own in correlated.groupby("correlation")}
    panels(by_overlap, plot_memory_capacity, options.out / "memory-correlated.png")

    for (method, neurons, correlation), own in pd.concat([sizes, correlated]).groupby(["method", "neurons", "correlation"], sort=False):
        reached = capacity(own["load"], own["score"])
        print(
            f"{method}, {neurons} neurons, overlap {correlation:g}: capacity {reached}, {own['seed'].nunique()} seeds, loads {min(own['load'])}-{max(own['load'])}"
        )
    for method, own in fine.groupby("method", sort=False):
        print(f"fine scan, {method}: capacity {capacity(own['load'], own['score'])}, at most {own['seed'].nunique()} seeds")


if __name__ == "__main__":
    main()
