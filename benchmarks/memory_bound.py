"""Count the neurons that can store all patterns of a scan, by linear programming: an upper bound for every rule on these patterns.

python benchmarks/memory_bound.py --loads 1.5 1.6 1.7 --seeds 0 1 2 --out results/memory-bound.csv
"""

import argparse
import csv
from pathlib import Path

import numpy as np
from memory import provenance
from scipy.optimize import linprog

from infomorphic.seeding import generator_for
from infomorphic.tasks.memory import random_patterns


def holds(patterns, neuron):
    """Whether couplings to all other neurons exist with which the field has the right sign for every pattern."""
    own = patterns[:, neuron]
    stability = own[:, None] * np.delete(patterns, neuron, axis=1)
    # Any positive stability can be scaled to one.
    found = linprog(np.zeros(stability.shape[1]), A_ub=-stability, b_ub=-np.ones(len(own)), bounds=(None, None), method="highs")
    return found.status == 0


def main():
    """Write one row per load and seed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--loads", nargs="+", type=float, required=True)
    parser.add_argument("--seeds", nargs="+", type=int, required=True)
    parser.add_argument("--neurons", type=int, default=100)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    origin = provenance(0)
    del origin["epochs"]
    rows = []
    for load in options.loads:
        for seed in options.seeds:
            # The patterns that `infomorphic.tasks.memory.store` draws.
            patterns = random_patterns(round(load * options.neurons), options.neurons, generator_for(seed, "patterns")).double().numpy()
            held = sum(holds(patterns, neuron) for neuron in range(options.neurons))
            command = f"python benchmarks/memory_bound.py --loads {load} --seeds {seed} --neurons {options.neurons}"
            rows.append({"neurons": options.neurons, "load": load, "seed": seed, "separable_neurons": held, "command": command, **origin})
            print(f"load {load} seed {seed}: {held} of {options.neurons} neurons", flush=True)
    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
