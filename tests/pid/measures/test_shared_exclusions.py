"""Inclusion–exclusion coefficients of unions."""

import numpy as np
import pytest

from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.pid.measures.shared_exclusions import union_coefficients


@pytest.mark.parametrize("num_sources", [1, 2, 3, 4])
def test_union_coefficients_are_inclusion_exclusion(num_sources):
    for antichain, coefficients in zip(redundancy_lattice(num_sources).antichains, union_coefficients(num_sources), strict=True):
        expected = np.zeros(2**num_sources - 1, dtype=int)
        for family in range(1, 2 ** len(antichain)):
            chosen = [a for i, a in enumerate(antichain) if family >> i & 1]
            union = set().union(*chosen)
            expected[sum(1 << i for i in union) - 1] += (-1) ** (len(chosen) - 1)
        np.testing.assert_array_equal(coefficients, expected)
