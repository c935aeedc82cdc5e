"""p-values from a null distribution, and their adjustment for several tests."""

import numpy as np
from jaxtyping import Bool, Float

# Two computations of the same table may differ by rounding. They count as equal.
_EQUAL = 1e-10


def p_values(
    observed: Float[np.ndarray, " labels"], null: Float[np.ndarray, "permutations labels"], two_sided: Bool[np.ndarray, " labels"]
) -> Float[np.ndarray, " labels"]:
    """The probability of a value at least as extreme as the observed one under the null, by permutation. Never zero.

    One-sided: (1 + number of null values that are at least as large) / (1 + permutations). Two-sided: twice the smaller of
    the two one-sided values, at most 1.

    Source: Phipson and Smyth 2010 (Stat. Appl. Genet. Mol. Biol. 9, 39).
    """
    upper = (1 + (null >= observed - _EQUAL).sum(axis=0)) / (1 + len(null))
    lower = (1 + (null <= observed + _EQUAL).sum(axis=0)) / (1 + len(null))
    return np.where(two_sided, np.minimum(1.0, 2 * np.minimum(upper, lower)), upper)


def holm(p: Float[np.ndarray, " tests"]) -> Float[np.ndarray, " tests"]:
    """p-values adjusted for several tests: rejecting those at most α keeps the probability of any false rejection below α.

    Source: Holm 1979 (Scand. J. Statist. 6, 65).
    """
    order = np.argsort(p)
    scaled = p[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(scaled))
    return adjusted
