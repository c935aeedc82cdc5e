"""Draw error against layer size, with the published curves, from the committed tables of all its studies, and print both side by side.

python benchmarks/layer_size.py --results results/studies --out docs/images
"""

import argparse
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import pandas as pd

from infomorphic.studies.comparison import compare_sizes
from infomorphic.studies.published import published
from infomorphic.studies.published_networks import CURVES
from infomorphic.studies.report import Report


def matrix(errors):
    """Test errors in percent, one row per network and one column per size: ours / published median, bold where ours is outside the range."""
    ours = errors.query("split == 'test'").set_index(["model", "size"])
    theirs = published("error_by_size").query("split == 'test'").set_index(["model", "hidden_neurons"])
    sizes = sorted(set(errors["size"]))
    lines = ["| network | " + " | ".join(map(str, sizes)) + " |", "|" + " --- |" * (len(sizes) + 1)]
    for model, curve in CURVES.items():
        cells = []
        for size in sizes:
            if (model, size) not in ours.index:
                cells.append("")
                continue
            error, there = ours.loc[(model, size), "median_error"], theirs.loc[(curve, size)]
            within = there["min_error"] <= error <= there["max_error"]
            mark = "" if within else "**"
            cells.append(f"{mark}{100 * error:.1f}{mark} / {100 * there['median_error']:.1f}")
        if any(cells):
            lines.append(f"| `{model}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    """Write the figure, and print the table of medians next to the published ones."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--results", type=Path, default=Path("results/studies"))
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    options = parser.parse_args()
    trials = pd.concat([pd.read_csv(path) for path in sorted(options.results.glob("layer-size-*.csv"))])
    twice = trials[trials.duplicated(["model", "size", "seed"])]
    if len(twice):
        parser.error(f"{len(twice)} trainings are in two tables; the first is {dict(twice.iloc[0][['model', 'size', 'seed']])}.")
    report = Report("Error over layer size")
    compare_sizes([model for model in CURVES if model in set(trials["model"])], "mnist", trials, report)
    report.figures["error-by-size"].savefig(options.out / "layer-size.png", dpi=140)
    print("\n\n".join(report.paragraphs))
    print(f"\n{matrix(report.tables['error-by-size'])}")
    print(f"\n{len(trials)} trainings, {trials['seconds'].sum() / 3600:.1f} core hours, code {', '.join(sorted(set(trials['commit'])))}")


if __name__ == "__main__":
    main()
