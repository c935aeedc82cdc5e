"""Collect finished runs into one small CSV: result, command, commit, versions and machine of each.

python benchmarks/collect_runs.py runs/* --out results/mnist-100-neurons.csv
"""

import argparse
import csv
from operator import attrgetter
from pathlib import Path

from infomorphic.training import Run

SUMMARY = ("preset", "dataset", "hidden", "goal", "seed", "epochs", "train_accuracy", "validation_accuracy", "test_accuracy")
EXPECTED = ("validation_accuracy_expected", "test_accuracy_expected", "seconds", "peak_memory_mib")
ENVIRONMENT = ("infomorphic", "commit", "python", "torch", "numpy", "numba", "platform", "processor", "cores", "threads")


def setting_of(run, name):
    """A setting of the run, such as network.bins."""
    return attrgetter(name)(run.config)


def command_of(run, settings=()):
    """The command that repeats the run, without paths of this machine."""
    s = run.summary
    words = ["infomorphic train", s["preset"], f"--dataset {s['dataset'].split(':')[0]}", f"--epochs {s['epochs']}", f"--seed {s['seed']}"]
    if s["hidden"]:
        words.insert(2, f"--hidden {s['hidden']}")
    if s["goal"]:
        words.append(f"--goal '{s['goal']}'")
    words += [f"--set {name}={setting_of(run, name)}" for name in settings]
    return " ".join(words)


def main():
    """Write one row per run, sorted by preset, size, goal and seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--settings", nargs="*", default=[], help="settings that differ between the runs, such as network.bins")
    options = parser.parse_args()
    rows = []
    for path in options.runs:
        run = Run.open(path)
        if not run.summary:
            print(f"{path}: not finished, left out")
            continue
        row = {k: run.summary[k] for k in (*SUMMARY, *EXPECTED)}
        row["dataset"] = row["dataset"].split(":")[0]
        row |= {name: setting_of(run, name) for name in options.settings}
        rows.append({**row, "command": command_of(run, options.settings), **{k: run.environment.get(k) for k in ENVIRONMENT}})
    rows.sort(key=lambda r: (r["preset"], r["hidden"], r["goal"] or "", *(r[name] for name in options.settings), r["seed"]))
    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} runs in {options.out}")


if __name__ == "__main__":
    main()
