"""Print results/*.csv as a Markdown table: for each command the seeds, test accuracies, median seconds and commits.

python benchmarks/results_table.py results/mnist.csv
"""

import argparse
import csv
from itertools import groupby
from pathlib import Path
from statistics import median


def main():
    """One line for each network and goal."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args()
    print("| network | goal | hidden | seeds | test, one sample (%) | test, expected outputs (%) | seconds | commit |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for path in options.files:
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for key, group in groupby(rows, key=lambda r: (r["preset"], r["goal"], r["hidden"])):
            runs = list(group)
            sampled, expected = ([100 * float(r[c]) for r in runs] for c in ("test_accuracy", "test_accuracy_expected"))
            listed = ", ".join(f"{a:.2f}" for a in sampled)
            middle = f"{median(expected):.2f}"
            seeds, commits = ", ".join(r["seed"] for r in runs), ", ".join(sorted({r["commit"] for r in runs}))
            seconds = f"{median(float(r['seconds']) for r in runs):.0f}"
            print(f"| {' | '.join(k or '–' for k in key)} | {seeds} | {listed} | {middle} | {seconds} | {commits} |")


if __name__ == "__main__":
    main()
