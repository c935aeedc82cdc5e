"""The logarithm of compiled code."""

import numpy as np
import pytest
from numba import njit

from infomorphic.compiled import simd


@njit
def log2_of(x, out):
    for i in range(x.size):
        out[i] = simd.log2(x[i])


@pytest.mark.parametrize(("dtype", "units"), [(np.float32, 4), (np.float64, 4)])
def test_log2_is_accurate_to_a_few_units_in_the_last_place(dtype, units) -> None:
    rng = np.random.default_rng(0)
    x = np.concatenate([2 ** rng.uniform(-60, 60, 200_000), rng.uniform(0.4, 2.5, 200_000), 1 + rng.normal(0, 1e-5, 1000), [1, 2, 0.5]])
    x = x.astype(dtype)
    out = np.empty_like(x)
    log2_of(x, out)
    exact = np.log2(x.astype(np.longdouble))
    assert np.all(np.abs(out - exact) <= units * np.finfo(dtype).eps / 2 * np.maximum(np.abs(exact), np.finfo(dtype).tiny))
