"""Draw the figures of the page on associative memory from the committed tables.

python benchmarks/plot_memory.py --results results --out docs/images
"""

import argparse
import csv
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

from infomorphic.memory import capacity
from infomorphic.plots import plot_memory_basin, plot_memory_capacity, plot_memory_information


def rows_of(path):
    """The rows of a table."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def save(figure, path):
    """Write a figure and forget it."""
    figure.savefig(path, dpi=140)
    plt.close(figure)
    print(path)


def main():
    """Write three figures and print the capacity of each method."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=Path("results"))
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    options = parser.parse_args()
    scores, basins, information = (rows_of(options.results / f"memory-{name}.csv") for name in ("capacity", "basin", "information"))
    for name, plot, rows in (("capacity", plot_memory_capacity, scores), ("basin", plot_memory_basin, basins)):
        figure, ax = plt.subplots(figsize=(8.4, 4.2), layout="constrained")
        # A method that was only tried at a load or two is no line.
        plot([row for row in rows if len({r["load"] for r in rows if r["method"] == row["method"]}) > 2], ax)
        save(figure, options.out / f"memory-{name}.png")
    figure, axes = plt.subplots(1, 2, figsize=(10.5, 4.0), layout="constrained", sharey=True)
    for ax, method in zip(axes, ("hebb", "memory/redundancy"), strict=True):
        plot_memory_information(information, ax, method=method, title=method)
    axes[0].get_legend().remove()
    axes[1].set_ylabel("")
    save(figure, options.out / "memory-information.png")
    for method in dict.fromkeys(row["method"] for row in scores):
        own = [row for row in scores if row["method"] == method]
        reached = capacity([float(row["load"]) for row in own], [float(row["score"]) for row in own])
        print(f"{method}: capacity {reached}, seeds {', '.join(sorted({row['seed'] for row in own}))}")


if __name__ == "__main__":
    main()
