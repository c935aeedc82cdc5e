"""Common change in surprisal: its maximum-entropy distribution, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings

from infomorphic.errors import MeasureError
from infomorphic.pid import UndersampledWarning, decompose, decompose_samples, gates
from infomorphic.pid.measures.common_change_in_surprisal import maximum_entropy
from pid.strategies import joint_pmfs

PAIRS = [(0,), (1,)]


def entropy(pmf):
    return -np.sum(pmf[pmf > 0] * np.log2(pmf[pmf > 0]))


def assert_same_marginals(q, pmf):
    np.testing.assert_allclose(q.sum(-1), pmf.sum(-1), atol=1e-9)
    np.testing.assert_allclose(q.sum(0), pmf.sum(0), atol=1e-9)
    np.testing.assert_allclose(q.sum(1), pmf.sum(1), atol=1e-9)


@settings(max_examples=40)
@given(joint_pmfs(num_sources=2))
def test_the_marginals_are_kept_and_no_perturbation_has_more_entropy(pmf):
    q = maximum_entropy(pmf, PAIRS)
    assert_same_marginals(q, pmf)
    assert entropy(q) >= entropy(pmf) - 1e-9
    # The only direction that keeps the three pairs of binary variables is that of a three-way interaction.
    if pmf.shape == (2, 2, 2):
        direction = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
        for step in (1e-4, -1e-4):
            moved = q + step * direction
            assert moved.min() < 0 or entropy(moved) <= entropy(q) + 1e-9


def test_of_parity_nothing_is_left():
    np.testing.assert_allclose(maximum_entropy(gates.parity(2), PAIRS), np.full((2, 2, 2), 1 / 8), atol=1e-12)


def test_probabilities_that_must_be_zero_are_exactly_zero():
    # p(s1 = 1, t = 1) = 1/4 is all of p(s1 = 1, s2 = 1): proportional fitting alone would approach zero like 1 / rounds.
    np.testing.assert_array_equal(maximum_entropy(gates.and_gate(), PAIRS), gates.and_gate())


def test_a_table_that_is_too_large_is_refused():
    rng = np.random.default_rng(0)
    sources, target = rng.permuted(np.tile(np.arange(100)[:, None], (200, 2)), axis=0), np.arange(20_000) % 100
    with (
        pytest.warns(UndersampledWarning),
        pytest.raises(MeasureError, match=r"at most 262144 cells; got 1000000 \(100 × 100 × 100\)\. Use fewer bins"),
    ):
        decompose_samples(sources, target, measure="ccs")


def test_four_sources():
    atoms = decompose(gates.parity(4), measure="ccs").atoms
    assert atoms["{1234}"] == pytest.approx(1)
    with pytest.raises(MeasureError, match="takes at most 4 sources; got 5"):
        decompose(gates.parity(5), measure="ccs")
