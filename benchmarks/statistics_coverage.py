"""Check on simulated tables that 95 % intervals cover the truth.

OMP_NUM_THREADS=1 python benchmarks/statistics_coverage.py --out results/statistics-coverage.csv

A row is the share of tables whose interval covers the truth, for one label, method, number of observations per cell with positive probability,
and kind of distribution. Each table has a distribution of its own (XOR and AND: the same), whose atoms are computed exactly. The standard error
of a share s is √(s (1 − s) / tables): 1 % for 95 % of 500. Rows are independent, so the counts of a resample are multinomial.
"""

import argparse
from pathlib import Path

import numpy as np
from recorded import significant, write

from infomorphic.pid import decompose, gates
from infomorphic.statistics.assessment import INTERVAL_METHODS, interval_ends
from infomorphic.statistics.tables import labels_of, values_of

RESAMPLES = 200
TRUTHS = ("independent", "weak", "Dirichlet", "XOR with noise", "XOR", "AND")
TABLES = ((2, 2, 2), (4, 4, 2), (2, 2, 2, 2), (3, 3, 3, 2))
PER_CELL = (10, 30)


def truth_of(kind, sizes, rng):
    """A distribution of one kind. The target is the last axis."""
    if kind == "AND":
        return gates.and_gate(len(sizes) - 1)
    if kind in ("independent", "weak"):
        pmf = np.ones(())
        for k in sizes:
            pmf = np.multiply.outer(pmf, rng.dirichlet(np.full(k, 5.0)))
        if kind == "weak":
            pmf = pmf * np.maximum(1 + 0.3 * rng.normal(size=sizes), 0.01)
    elif kind == "Dirichlet":
        pmf = rng.dirichlet(np.ones(np.prod(sizes))).reshape(sizes)
    else:
        values = np.indices(sizes)
        pmf = np.where(values[:-1].sum(axis=0) % sizes[-1] == values[-1], 1.0, 0.1 if kind == "XOR with noise" else 0.0)
    return pmf / pmf.sum()


def judged(kind, sizes, per_cell, tables, seed):
    """The share of tables in which the interval of each label covers the truth, for both methods."""
    covered = {method: [] for method in INTERVAL_METHODS}
    num_sources = len(sizes) - 1
    rng = np.random.default_rng([seed, TRUTHS.index(kind), TABLES.index(sizes), per_cell])
    for _ in range(tables):
        pmf = truth_of(kind, sizes, rng)
        rows = per_cell * int((pmf > 0).sum())
        counts = rng.multinomial(rows, pmf.ravel())
        drawn = rng.multinomial(rows, counts / rows, size=RESAMPLES)
        joint = np.concatenate([pmf.reshape(1, -1), counts[None] / rows, drawn / rows])
        truth, observed, *resampled = values_of(decompose(joint.reshape(-1, *sizes), num_sources))
        for method, found in covered.items():
            low, high = interval_ends(np.stack(resampled), observed, method, 2**num_sources - 1)
            # Where the truth is an end of the interval, rounding decides nothing.
            found.append((low <= truth + 1e-9) & (truth <= high + 1e-9))
    for method, found in covered.items():
        for label, share in zip(labels_of(num_sources), np.mean(found, axis=0), strict=True):
            yield {
                "truth": kind,
                "sizes": " ".join(map(str, sizes)),
                "per_cell": per_cell,
                "tables": tables,
                "method": method,
                "label": label,
                "share": significant(share, 4),
            }


def main():
    """Write the table, and print the worst label of each case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=int, default=500, help="tables for each truth and size")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    rows = []
    for kind in TRUTHS:
        for sizes in (s for s in TABLES if kind != "AND" or set(s) == {2}):
            for per_cell in PER_CELL:
                rows += (found := list(judged(kind, sizes, per_cell, options.tables, options.seed)))
                for method in INTERVAL_METHODS:
                    worst = min((r for r in found if r["method"] == method), key=lambda r: r["share"])
                    print(f"{kind}, {worst['sizes']}, {per_cell} per cell, {method}: {worst['share']} ({worst['label']})", flush=True)
    write(
        rows,
        options.out,
        f"python benchmarks/statistics_coverage.py --tables {options.tables} --seed {options.seed} --out {options.out}",
        options.seed,
    )


if __name__ == "__main__":
    main()
