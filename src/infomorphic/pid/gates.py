"""Textbook distributions, as joint pmfs with the target as the last axis."""

from collections.abc import Callable
from itertools import product

import numpy as np
from jaxtyping import Float64


def deterministic(function: Callable[..., int], num_sources: int, num_values: int = 2) -> Float64[np.ndarray, "..."]:
    """Independent uniform sources with `num_values` values each, and the target `function(s1, …, sn)` ∈ {0, 1, …}."""
    inputs = list(product(range(num_values), repeat=num_sources))
    targets = [int(function(*s)) for s in inputs]
    pmf = np.zeros((num_values,) * num_sources + (max(targets) + 1,))
    for s, t in zip(inputs, targets, strict=True):
        pmf[(*s, t)] += 1 / len(inputs)
    return pmf


def and_gate(num_sources: int = 2) -> Float64[np.ndarray, "..."]:
    """T is true if all sources are true."""
    return deterministic(lambda *s: all(s), num_sources)


def or_gate(num_sources: int = 2) -> Float64[np.ndarray, "..."]:
    """T is true if any source is true."""
    return deterministic(lambda *s: any(s), num_sources)


def parity(num_sources: int = 2) -> Float64[np.ndarray, "..."]:
    """T is true if an odd number of sources is true; for two sources this is XOR."""
    return deterministic(lambda *s: sum(s) % 2, num_sources)


def sum_gate(num_sources: int = 2) -> Float64[np.ndarray, "..."]:
    """T = S1 + … + Sn."""
    return deterministic(lambda *s: sum(s), num_sources)


def copy_gate(num_sources: int = 2) -> Float64[np.ndarray, "..."]:
    """T = (S1, …, Sn)."""
    return deterministic(lambda *s: sum(bit << i for i, bit in enumerate(s)), num_sources)


def unique_gate(num_sources: int = 2) -> Float64[np.ndarray, "..."]:
    """T = S1; the other sources are independent of it."""
    return deterministic(lambda *s: s[0], num_sources)


def giant_bit(num_sources: int = 2) -> Float64[np.ndarray, "..."]:
    """S1 = … = Sn = T, one fair bit (RND)."""
    pmf = np.zeros((2,) * (num_sources + 1))
    pmf[(0,) * (num_sources + 1)] = pmf[(1,) * (num_sources + 1)] = 1 / 2
    return pmf
