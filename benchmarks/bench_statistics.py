"""Time the statistics of one table: 10,000 rows, three sources of 5, 5 and 2 values, a binary target, on one core.

OMP_NUM_THREADS=1 python benchmarks/bench_statistics.py --out results/bench-statistics.csv

A row is one call of `assess`, with discretized observations: seconds of the fastest and of the median of several runs.
"""

import argparse
import statistics
import time
import warnings
from pathlib import Path

import numpy as np
from recorded import significant, write
from threadpoolctl import threadpool_limits

from infomorphic.pid import discretize_samples
from infomorphic.statistics import ChanceWarning, DrawBlocks, PermuteBlocks, PermuteSource, PermuteWithin, Shift, assess

ROWS = 10_000


def observations(seed):
    """A neuron that fires with a probability that depends on three sources."""
    rng = np.random.default_rng(seed)
    first, second, third = (rng.integers(k, size=ROWS) for k in (5, 5, 2))
    theta = 1 / (1 + np.exp(-0.5 * (first - 2) * third - 0.3 * (second - 2)))
    return discretize_samples([first, second, third], (rng.random(ROWS) < theta).astype(int))


CALLS = {
    "1000 permutations of the target": {"test": 1000},
    "1000 permutations of a source": {"test": 1000, "null": PermuteSource(0)},
    "1000 permutations within 20 strata": {"test": 1000, "null": PermuteWithin(np.arange(ROWS) % 20)},
    "1000 shifts": {"test": 1000, "null": Shift()},
    "1000 permutations of blocks of 50 rows": {"test": 1000, "null": PermuteBlocks(50)},
    "interval, 1000 resamples of rows": {"interval": 1000},
    "interval, 1000 resamples of blocks of 50 rows": {"interval": 1000, "over": DrawBlocks(50)},
    "quadratic correction": {"correct": "quadratic"},
}


def main():
    """Print and write one line per call."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    warnings.simplefilter("ignore", ChanceWarning)
    table, rows = observations(options.seed), []
    with threadpool_limits(1):
        assess(table, test=2)  # builds the lattice once
        for call, arguments in CALLS.items():
            times = []
            for _ in range(options.runs):
                start = time.perf_counter()
                assess(table, seed=options.seed, **arguments)
                times.append(time.perf_counter() - start)
            rows.append(
                {
                    "call": call,
                    "rows": ROWS,
                    "sizes": "5 5 2 2",
                    "runs": options.runs,
                    "seconds": significant(min(times), 3),
                    "median_seconds": significant(statistics.median(times), 3),
                }
            )
            print(f"{call}: {min(times):.2f} s, median {statistics.median(times):.2f} s", flush=True)
    write(
        rows,
        options.out,
        f"python benchmarks/bench_statistics.py --runs {options.runs} --seed {options.seed} --out {options.out}",
        options.seed,
    )


if __name__ == "__main__":
    main()
