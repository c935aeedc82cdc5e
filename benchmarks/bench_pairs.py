"""Time the decomposition of all triplets of fMRI regions: without a test, and with permutations.

    python benchmarks/bench_pairs.py fmri_timeseries.csv --out results/pairs-speed.csv

The file is part of nitime (BSD licensed): 31 regions, 250 samples. Each region is the target of every pair of the other 30: 13,485 triplets,
with three bins of equal mass per region. Every time is of one call in one process with one thread, after a small call that loads the code.
"""

import argparse
import resource
import shlex
import sys
import time
import warnings
from pathlib import Path

import pandas as pd
from threadpoolctl import threadpool_limits

from infomorphic.estimation import read_table
from infomorphic.pid import EqualMass, UndersampledWarning
from infomorphic.recordings import decompose_pairs
from infomorphic.training.run import environment_of_process


def main():
    """Print and save one row per number of permutations."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="fmri_timeseries.csv of nitime")
    parser.add_argument("--permutations", type=int, nargs="+", default=[0, 200], help="permutations of each triplet (default 0 and 200)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="write the times into this CSV file")
    options = parser.parse_args()
    warnings.simplefilter("ignore", UndersampledWarning)
    table = read_table(options.file)
    command = shlex.join(["python", "benchmarks/bench_pairs.py", *(Path(w).name if w == str(options.file) else w for w in sys.argv[1:])])
    rows = []
    with threadpool_limits(1):
        decompose_pairs(table.iloc[:, :4], num_sources=2, bins=EqualMass(3), test=2)
        for permutations in options.permutations:
            start = time.perf_counter()
            found = decompose_pairs(table, num_sources=2, bins=EqualMass(3), test=permutations, seed=options.seed)
            seconds = time.perf_counter() - start
            triplets = len(found.frame) // len(found.labels)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            rows.append(
                {
                    "triplets": triplets,
                    "observations": found.observations,
                    "permutations": permutations,
                    "seconds": round(seconds, 2),
                    "peak_memory_mib": round(peak),
                    "seed": options.seed,
                    **environment_of_process(),
                    "command": command,
                }
            )
            print(f"{triplets} triplets, {permutations} permutations: {seconds:.2f} s, peak memory {peak:.0f} MiB", flush=True)
    if options.out is not None:
        pd.DataFrame(rows).to_csv(options.out, index=False)


if __name__ == "__main__":
    main()
