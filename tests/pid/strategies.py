"""Distributions for tests: Hypothesis strategies, and random pmfs by seed."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


@st.composite
def joint_pmfs(draw, num_sources=None, max_values=3, zeros=True):
    """A pmf of shape (|S1|, …, |Sn|, |T|), with exact zeros by default."""
    n = draw(st.integers(1, 3)) if num_sources is None else num_sources
    shape = tuple(draw(st.lists(st.integers(1, max_values), min_size=n + 1, max_size=n + 1)))
    weights = draw(hnp.arrays(np.int64, shape, elements=st.integers(0 if zeros else 1, 12)))
    if weights.sum() == 0:
        weights = weights + 1
    return weights / weights.sum()


def random_pmf(*shape, seed=0, batch=0):
    """A pmf of this shape without zeros; the first `batch` axes count distributions."""
    p = np.random.default_rng(seed).random(shape)
    return p / p.sum(axis=tuple(range(batch, p.ndim)), keepdims=True)
