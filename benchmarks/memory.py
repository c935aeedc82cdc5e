"""Scan associative memories: score, tolerated noise, and information of the neurons. Writes three tables with one row per memory.

python benchmarks/memory.py --methods memory/redundancy hebb --loads 1.4 1.5 1.6 --seeds 0 1 2

Existing rows are not computed again, so a scan can be interrupted, continued, and refined around a capacity.
"""

import argparse
import csv
import platform
import subprocess
from pathlib import Path

import numpy as np
import torch

import infomorphic
from infomorphic.tasks.memory import Settings, basin_trial, capacity_trial, information_trial, store

TRIALS = {"memory-capacity": capacity_trial, "memory-basin": basin_trial, "memory-information": information_trial}


def provenance(epochs):
    """The provenance in every row, besides its command."""
    git = ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"]
    return {
        "epochs": epochs,
        "infomorphic": infomorphic.__version__,
        "commit": subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "platform": platform.platform(),
        "processor": platform.machine(),
        "threads": torch.get_num_threads(),
    }


def rows_of(path):
    """The rows of a table, none if it does not exist."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def add(path, row):
    """Append a row to a table, with a header if it is the first."""
    first = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        if first:
            writer.writeheader()
        writer.writerow(row)


def main():
    """Compute the requested memories that are missing, then sort the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--methods", nargs="+", required=True)
    parser.add_argument("--loads", nargs="+", type=float, required=True)
    parser.add_argument("--seeds", nargs="+", type=int, required=True)
    parser.add_argument("--neurons", type=int, default=100)
    parser.add_argument("--epochs", type=int, default=5000)
    parser.add_argument(
        "--softness", type=float, default=0.0, help="softness of the recurrent bins, in bins; rows are then named 'METHOD, soft S'"
    )
    parser.add_argument(
        "--soft-epochs", type=int, help="number of epochs after which bins become sharp; rows are named '…, soft S for E epochs'"
    )
    parser.add_argument("--out", type=Path, default=Path("results"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    settings = Settings(neurons=options.neurons, softness=options.softness, soft_epochs=options.soft_epochs)
    how_soft = f", soft {options.softness:g}" if options.softness else ""
    how_soft += f" for {options.soft_epochs} epochs" if options.soft_epochs else ""
    tables = {name: options.out / f"{name}.csv" for name in TRIALS}
    for load in options.loads:
        for method in options.methods:
            for seed in options.seeds:
                name = method + how_soft
                key = {"method": name, "neurons": str(options.neurons), "load": str(load), "seed": str(seed)}
                lacking = {table: path for table, path in tables.items() if not any(key.items() <= row.items() for row in rows_of(path))}
                if not lacking:
                    continue
                memory = store(method, load, seed, settings, options.epochs)
                command = f"python benchmarks/memory.py --methods '{method}' --loads {load} --seeds {seed} --neurons {options.neurons}"
                command += f" --epochs {options.epochs}" + (f" --softness {options.softness:g}" if options.softness else "")
                command += f" --soft-epochs {options.soft_epochs}" if options.soft_epochs else ""
                for table, path in lacking.items():
                    trial = {**TRIALS[table](memory)._asdict(), "method": name}
                    rounded = {k: round(v, 6) if isinstance(v, float) else v for k, v in trial.items()}
                    add(path, {**rounded, "command": command, **provenance(options.epochs)})
                score = capacity_trial(memory).score
                print(f"{name} load {load} seed {seed}: score {score:.3f}, {memory.seconds:.1f} s", flush=True)
    for path in filter(Path.exists, tables.values()):
        rows = sorted(rows_of(path), key=lambda r: (r["method"], int(r["neurons"]), float(r["load"]), int(r["seed"])))
        path.unlink()
        for row in rows:
            add(path, row)


if __name__ == "__main__":
    main()
