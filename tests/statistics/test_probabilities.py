"""p-values by permutation and Holm's adjustment."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from infomorphic.statistics import holm, p_values


def test_p_is_never_zero_and_counts_the_observed_value():
    null = np.arange(99.0)[:, None]
    one = np.array([False])
    assert p_values(np.array([1000.0]), null, one)[0] == 1 / 100
    assert p_values(np.array([97.5]), null, one)[0] == 2 / 100
    assert p_values(np.array([-1.0]), null, one)[0] == 1.0


def test_both_tails_count_for_a_value_that_may_be_negative():
    null = np.arange(-49.0, 50.0)[:, None]
    two = np.array([True])
    assert p_values(np.array([-100.0]), null, two)[0] == 2 / 100
    assert p_values(np.array([100.0]), null, two)[0] == 2 / 100
    assert p_values(np.array([0.0]), null, two)[0] == 1.0


def test_a_difference_of_rounding_is_a_tie():
    assert p_values(np.array([0.1 + 0.2]), np.full((9, 1), 0.3), np.array([False]))[0] == 1.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_lies_between_p_and_bonferroni(values):
    p = np.array(values)
    adjusted = holm(p)
    assert (adjusted >= p - 1e-15).all()
    assert (adjusted <= np.minimum(1, len(p) * p) + 1e-15).all()
    # Holm controls the family-wise error, which is stricter than the false discovery rate.
    assert (adjusted >= false_discovery_control(p) - 1e-12).all()


def test_holm_of_a_worked_example():
    np.testing.assert_allclose(holm(np.array([0.01, 0.04, 0.03, 0.005])), [0.03, 0.06, 0.06, 0.02])
