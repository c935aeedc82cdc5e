"""An upper bound on the gain of training many small networks in one process and one kernel call.

python benchmarks/shared_process.py --data-dir DIR

K networks of n neurons that share their batches cannot take less time than one network of K · n neurons does: the same products, the same
kernel calls, the same images gathered once. (They would take a little more, for K readouts and K separate goals.) So the time of an epoch
of n neurons, K times, over that of K · n neurons is a bound on the gain. One thread, like workers of a study; the measurements take turns.
"""

import argparse
import statistics
import time
from pathlib import Path

import torch

from infomorphic.tasks.classification.task import Task
from infomorphic.training import TrainConfig

TOTAL = 200


def main():
    """Print the time of an epoch by size, and the bound for as many networks as fill the largest."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 5, 10, 20, 50, 100, TOTAL])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--dataset", default="mnist")
    parser.add_argument("--data-dir", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    config = {n: TrainConfig.make({"network": {"hidden": n}, "data": {"dataset": options.dataset}}) for n in options.sizes}
    tasks = {n: Task(c, options.data_dir) for n, c in config.items()}
    times = {n: [] for n in options.sizes}
    for epoch in range(options.repeats + 1):
        for n, task in tasks.items():
            start = time.perf_counter()
            task.train_epoch(epoch + 1)
            if epoch:  # the first compiles and warms up
                times[n].append(time.perf_counter() - start)
    median = {n: statistics.median(t) for n, t in times.items()}
    largest = max(median)
    for n, seconds in median.items():
        print(
            f"{n:5d} neurons: {1000 * seconds:6.0f} ms per epoch; {largest // n:3d} such networks, gain at most {largest // n * seconds / median[largest]:.1f}"
        )


if __name__ == "__main__":
    main()
