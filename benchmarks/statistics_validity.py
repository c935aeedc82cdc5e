"""Check on simulated tables without a relation that p-values are valid, for each kind of null in a case made for it.

OMP_NUM_THREADS=1 python benchmarks/statistics_validity.py --out results/statistics-validity.csv

A row is the share of tables with p ≤ 0.05, for one label. In each case the null holds, and what it must keep is there: autocorrelations, strata,
the time course of a trial. `test` is `its null`, or `target`: the same tables, tested by permuting the rows of the target, which shows whether
the case needs its null. The standard error of a share s is √(s (1 − s) / tables): 0.5 % for 5 % of 2000.
"""

import argparse
import warnings
from pathlib import Path

import numpy as np
from recorded import significant, write

from infomorphic.pid import discretize_samples
from infomorphic.statistics import (
    ChanceWarning,
    PermuteBlocks,
    PermuteSource,
    PermuteTarget,
    PermuteTrials,
    PermuteWithin,
    Shift,
    assess,
)
from infomorphic.statistics.tables import labels_of

PERMUTATIONS = 199
SHAPES = {2: [(2, 2, 2), (3, 4, 2), (5, 5, 2), (4, 2, 3)], 3: [(2, 2, 2, 2), (3, 3, 2, 2), (5, 5, 2, 2)]}
ROWS = (8, 20, 60, 200)


def markov(rng, rows, stay=0.9):
    """A binary series that changes with probability 1 − stay."""
    return np.cumsum(np.r_[rng.random() < 0.5, rng.random(rows - 1) > stay]) % 2


def category(rng, rows, values):
    """Independent draws from random probabilities."""
    return rng.choice(values, size=rows, p=rng.dirichlet(np.full(values, 2.0)))


def target(rng, num_sources=2):
    """Sources that depend on one another, and an independent target; small and large tables."""
    *sizes, of_target = SHAPES[num_sources][rng.integers(len(SHAPES[num_sources]))]
    rows = int(rng.choice(ROWS))
    common = rng.random(rows) < 0.5
    first = category(rng, rows, max(sizes))
    sources = [np.where(common, first % k, category(rng, rows, k)) for k in sizes]
    return sources, category(rng, rows, of_target), PermuteTarget()


def source(rng):
    """The second source determines the target in part; the first is independent of both."""
    rows = int(rng.choice(ROWS))
    second = category(rng, rows, 3)
    return [category(rng, rows, 3), second], np.where(rng.random(rows) < 0.7, second > 0, category(rng, rows, 2)), PermuteSource(0)


def within(rng):
    """All variables depend on the stratum, and on nothing else."""
    rows = int(rng.choice((40, 120)))
    strata = rng.integers(3, size=rows)
    columns = [(rng.random(rows) < np.array([0.2, 0.5, 0.8])[strata]).astype(int) for _ in range(3)]
    return columns[:2], columns[2], PermuteWithin(strata)


def shift(rng):
    """Independent series, each autocorrelated."""
    *sources, last = (markov(rng, 400) for _ in range(3))
    return sources, last, Shift()


def shift_in_trials(rng):
    """Independent series in ten trials of 60 rows, each autocorrelated."""
    *sources, last = (np.concatenate([markov(rng, 60, 0.8) for _ in range(10)]) for _ in range(3))
    return sources, last, Shift(np.repeat(np.arange(10), 60))


def blocks(rng):
    """Independent series, each autocorrelated over some ten rows, in blocks of 50 of 1000 rows."""
    *sources, last = (markov(rng, 1000) for _ in range(3))
    return sources, last, PermuteBlocks(50)


def trials(rng):
    """A time course that all trials share, and a rate of each trial, independent for each variable."""
    course = np.linspace(-2, 2, 10)
    series = []
    for _ in range(3):
        drive = np.tile(course, 20) + np.repeat(rng.normal(size=20), 10)
        series.append((rng.random(200) < 1 / (1 + np.exp(-drive))).astype(int))
    return series[:2], series[2], PermuteTrials(np.repeat(np.arange(20), 10))


NULLS = {
    "target, 2 sources": target,
    "target, 3 sources": lambda rng: target(rng, 3),
    "source": source,
    "within strata": within,
    "shift": shift,
    "shift within trials": shift_in_trials,
    "blocks": blocks,
    "trials": trials,
}


def judged(name, make, tables, seed):
    """The share of p ≤ 0.05 of each label, under the null of the case and, for 500 tables, under permutation of the target."""
    small = {"its null": [], "target": []}
    for number in range(tables):
        rng = np.random.default_rng([seed, list(NULLS).index(name), number])
        sources, last, null = make(rng)
        observations = discretize_samples(sources, last)
        small["its null"].append(np.asarray(assess(observations, test=PERMUTATIONS, null=null, seed=number).p) <= 0.05)
        if not isinstance(null, (PermuteTarget, PermuteSource)) and number < 500:
            small["target"].append(np.asarray(assess(observations, test=PERMUTATIONS, seed=number).p) <= 0.05)
    for test, found in small.items():
        if found:
            for label, share in zip(labels_of(len(sources)), np.mean(found, axis=0), strict=True):
                yield {"case": name, "test": test, "tables": len(found), "label": label, "share": significant(share, 4)}


def main():
    """Write the table, and print the worst label of each case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tables", type=int, default=2000, help="independent tables for each null")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    warnings.simplefilter("ignore", ChanceWarning)
    rows = []
    for name, make in NULLS.items():
        rows += (found := list(judged(name, make, options.tables, options.seed)))
        for case in dict.fromkeys((r["case"], r["test"]) for r in found):
            worst = max((r for r in found if (r["case"], r["test"]) == case), key=lambda r: r["share"])
            print(f"p ≤ 0.05, {', '.join(case)}: at most {worst['share']} ({worst['label']})", flush=True)
    write(
        rows,
        options.out,
        f"python benchmarks/statistics_validity.py --tables {options.tables} --seed {options.seed} --out {options.out}",
        options.seed,
    )


if __name__ == "__main__":
    main()
