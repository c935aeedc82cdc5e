"""Test whether removing the redundant neurons of a report costs less accuracy than removing as many random ones.

python benchmarks/removal.py runs/* --out results/removal.csv

Neurons are chosen on validation images; accuracy is measured on test images with expected outputs. Random removals are drawn from all
neurons. Two other choices of as many neurons are measured for comparison: those with the smallest loss when removed alone, and those
with the least information about the class, both judged on validation images.
"""

import argparse
import csv
from pathlib import Path

import torch

from infomorphic.analysis import Trained, analyze_neurons, compare_lesions
from infomorphic.training import Run
from infomorphic.training.run import environment_of_process


def measure(path, seeds):
    """One row for each choice of neurons of a run."""
    run = Run.open(path)
    trained = Trained.load(run)
    if trained.layer_name == trained.network.readout:
        return []
    neurons = analyze_neurons(trained)
    count = len(neurons.similarity.redundant)
    if not count:
        print(f"{path}: no neuron is called redundant")
    choices = {
        "redundant": neurons.similarity.redundant,
        "least loss alone": torch.tensor([loss.accuracy for loss in neurons.losses]).argsort(stable=True)[:count].tolist(),
        "least label information": neurons.selectivity.label_information.argsort(stable=True)[:count].tolist(),
    }
    rows = []
    for choice, chosen in choices.items():
        for substitute in (False, True):
            # Removing no neuron costs nothing; the row records that there was none.
            test = (trained.data.test_images, trained.data.test_labels)
            found = compare_lesions(trained, chosen, *test, range(seeds), substitute=substitute)
            drawn = torch.tensor(found.accuracy_without_random)
            rows.append(
                {
                    "preset": run.config.preset,
                    "goal": getattr(run.config.network, "goal", ""),
                    "dataset": run.config.data.dataset,
                    "hidden": len(neurons),
                    "seed": run.config.training.seed,
                    "choice": choice,
                    "most_similar_stands_in": substitute,
                    "removed": count,
                    "test_accuracy": round(found.accuracy, 5),
                    "without_chosen": round(found.accuracy_without, 5),
                    "without_random_mean": round(float(drawn.mean()), 5),
                    "without_random_min": round(float(drawn.min()), 5),
                    "without_random_max": round(float(drawn.max()), 5),
                    "random_draws": len(drawn),
                    "fraction_of_draws_that_cost_more": round(found.costs_less_than_random, 3),
                }
            )
    return rows


def main():
    """Write one row per run and choice."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--seeds", type=int, default=20, help="random removals")
    options = parser.parse_args()
    environment = environment_of_process()
    kept = {k: environment[k] for k in ("infomorphic", "commit", "torch", "platform", "processor", "cores", "threads")}
    rows = []
    for path in options.runs:
        for row in measure(path, options.seeds):
            print(
                {
                    k: row[k]
                    for k in (
                        "preset",
                        "goal",
                        "seed",
                        "choice",
                        "most_similar_stands_in",
                        "removed",
                        "test_accuracy",
                        "without_chosen",
                        "without_random_mean",
                    )
                }
            )
            rows.append({**row, "command": f"python benchmarks/removal.py RUNS --seeds {options.seeds}", **kept})
    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} rows in {options.out}")


if __name__ == "__main__":
    main()
