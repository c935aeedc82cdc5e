"""Measure the speedup of two workers over one: the same study of four trials, run by the command line.

python benchmarks/bench_workers.py

Run it on an idle machine: two workers need two cores.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

COMMAND = (sys.executable, "-m", "infomorphic", "study")


def seconds(workers, settings, folder):
    """The time of `infomorphic study work`, start of the processes included."""
    name = f"w{workers}"
    place = ("--dir", folder)
    chosen = [word for setting in settings for word in ("--set", setting)]
    subprocess.run([*COMMAND, "new", name, "--kind", "layer-size", *chosen, *place, "--json"], check=True, stdout=subprocess.DEVNULL)
    start = time.perf_counter()
    done = subprocess.run([*COMMAND, "work", name, "--workers", str(workers), *place, "--json"], check=True, capture_output=True, text=True)
    taken = time.perf_counter() - start
    assert json.loads(done.stdout)["complete"] == 4
    return taken


def main():
    """Print the times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--epochs", type=int, default=1100, help="of each training on digits with 100 neurons; with 1100 it takes a minute, as on MNIST"
    )
    options = parser.parse_args()
    settings = ("models=setup-1", "sizes=100", "seeds=0-3", "dataset=digits", f"epochs={options.epochs}", "training.batch_size=128")
    with tempfile.TemporaryDirectory() as folder:
        # The first use on a machine compiles the kernels, which is not measured.
        warm_up = [*COMMAND[:-1], "train", "--hidden", "5", "--epochs", "1", "--json", "--run", f"{folder}/warm-up"]
        subprocess.run(warm_up, check=True, stdout=subprocess.DEVNULL)
        print(f"load before: {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")
        one, two = (seconds(workers, settings, folder) for workers in (1, 2))
    print(f"1 worker: {one:.1f} s, 2 workers: {two:.1f} s, ratio {two / one:.2f}")


if __name__ == "__main__":
    main()
