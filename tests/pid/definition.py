"""Shared exclusions straight from the definition, outcome by outcome: slow, independent, without inclusion–exclusion.

Nothing here uses the package: antichains are filtered from all families of sets, a disjunction is evaluated for every
outcome, and atoms come from the recursion over everything below.
"""

from functools import cache
from itertools import chain, combinations, product
from math import log2

import numpy as np


@cache
def antichains(num_sources):
    sets = [frozenset(c) for size in range(1, num_sources + 1) for c in combinations(range(num_sources), size)]
    families = chain.from_iterable(combinations(sets, size) for size in range(1, len(sets) + 1))
    return [f for f in families if not any(a < b or b < a for a, b in combinations(f, 2))]


def below(alpha, beta):
    return all(any(a <= b for a in alpha) for b in beta)


@cache
def order(num_sources):
    """Antichains from the bottom up, each with what is strictly below it."""
    down = {a: [b for b in antichains(num_sources) if b != a and below(b, a)] for a in antichains(num_sources)}
    return sorted(down, key=lambda a: len(down[a])), down


def label(antichain):
    sets = sorted((tuple(sorted(i + 1 for i in a)) for a in antichain), key=lambda s: (len(s), s))
    return "".join("{" + "".join(map(str, s)) + "}" for s in sets)


def holds(antichain, observed, outcome):
    """Whether the disjunction of conjunctions that `observed` makes true is true for `outcome`."""
    return any(all(outcome[i] == observed[i] for i in a) for a in antichain)


def redundancy_and_atoms(pmf):
    """({label: redundancy}, {label: atom}) of an array with the target last."""
    num_sources = pmf.ndim - 1
    outcomes = {o: float(pmf[o]) for o in product(*map(range, pmf.shape)) if pmf[o] > 0}
    redundancies = {}
    for antichain in antichains(num_sources):
        total = 0.0
        for observed, p in outcomes.items():
            union = sum(q for o, q in outcomes.items() if holds(antichain, observed, o))
            union_and_target = sum(q for o, q in outcomes.items() if o[-1] == observed[-1] and holds(antichain, observed, o))
            target = sum(q for o, q in outcomes.items() if o[-1] == observed[-1])
            total += p * log2(union_and_target / union / target)
        redundancies[antichain] = total
    ascending, down = order(num_sources)
    atoms = {}
    for antichain in ascending:
        atoms[antichain] = redundancies[antichain] - sum(atoms[b] for b in down[antichain])
    return {label(a): v for a, v in redundancies.items()}, {label(a): v for a, v in atoms.items()}


def entropy(pmf):
    p = np.asarray(pmf).ravel()
    return -np.sum(p[p > 0] * np.log2(p[p > 0]))


def mutual_information(pmf, mask):
    """I(T : S_mask) from entropies: independent of the lattice."""
    n = pmf.ndim - 1
    joint = pmf.sum(axis=tuple(i for i in range(n) if not mask >> i & 1))
    return entropy(joint.sum(axis=-1)) + entropy(pmf.sum(axis=tuple(range(n)))) - entropy(joint)
