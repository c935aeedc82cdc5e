"""Train the four composed networks of `examples/` at full size, all variants and three seeds, and write one row per run.

python benchmarks/composed.py --out results/composed-networks.csv
"""

import argparse
import csv
import importlib
import sys
import time
from pathlib import Path

from collect_runs import ENVIRONMENT

from infomorphic.training.run import environment_of_process

ROOT = Path(__file__).parents[1]
EXAMPLES = ("four_sources", "own_activation", "recurrent", "two_hidden_layers")


def main():
    """Train only what is missing in the file, so that an interrupted call can be repeated."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "examples"))
    environment = environment_of_process()
    done = set()
    if options.out.exists():
        with options.out.open(encoding="utf-8") as file:
            done = {(row["example"], row["variant"], int(row["seed"])) for row in csv.DictReader(file)}
    for name in EXAMPLES:
        module = importlib.import_module(name)
        for variant in module.VARIANTS:
            for seed in range(options.seeds):
                if (name, variant, seed) in done:
                    continue
                started = time.perf_counter()
                learned = module.train(variant, seed)
                accuracy = learned.pop("test accuracy")
                row = {
                    "example": name,
                    "variant": variant,
                    "seed": seed,
                    "test_accuracy": round(accuracy, 4),
                    "learned": "; ".join(f"{key} {value:.4f}" for key, value in learned.items()),
                    "seconds": round(time.perf_counter() - started, 1),
                    "command": f"python examples/{name}.py",
                    **{key: environment.get(key) for key in ENVIRONMENT},
                }
                new = not options.out.exists()
                with options.out.open("a", newline="", encoding="utf-8") as file:
                    writer = csv.DictWriter(file, list(row), lineterminator="\n")
                    if new:
                        writer.writeheader()
                    writer.writerow(row)
                print(name, variant, seed, row["test_accuracy"], row["learned"], row["seconds"], flush=True)


if __name__ == "__main__":
    main()
