"""BROJA: bounds of the optimum, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings

from infomorphic.errors import MeasureError
from infomorphic.pid import decompose, decompose_samples
from infomorphic.pid.measures import unique_information
from infomorphic.pid.measures.unique_information import largest_conditional_entropy
from pid.strategies import joint_pmfs


@settings(max_examples=30)
@given(joint_pmfs(num_sources=2))
def test_the_optimum_has_at_least_the_conditional_entropy_of_the_pmf_and_of_conditional_independence(pmf):
    first, second = pmf.sum(1), pmf.sum(0)
    of_target = pmf.sum((0, 1))
    independent = np.divide(first[:, None] * second[None], of_target, out=np.zeros_like(pmf), where=of_target > 0)
    found = largest_conditional_entropy(first, second)
    for q in (pmf, independent):
        of_pair = np.broadcast_to(q.sum(-1, keepdims=True), q.shape)
        assert found >= -(q[q > 0] * np.log2(q[q > 0] / of_pair[q > 0])).sum() - 1e-7


@settings(max_examples=20)
@given(joint_pmfs(num_sources=2))
def test_unique_informations_differ_as_the_mutual_informations(pmf):
    d = decompose(pmf, measure="broja")
    difference = d.mutual_information["{1}"] - d.mutual_information["{2}"]
    np.testing.assert_allclose(d.atoms["{1}"] - d.atoms["{2}"], difference, atol=1e-12)


def test_it_depends_on_the_pairs_of_source_and_target_only():
    rng = np.random.default_rng(0)
    pmf = rng.random((2, 2, 2)) + 1
    pmf /= pmf.sum()
    moved = pmf + 0.02 * np.array([1, -1])[:, None, None] * np.array([1, -1])[:, None]
    for label in ("{1}{2}", "{1}", "{2}"):
        np.testing.assert_allclose(decompose(pmf, measure="broja").atoms[label], decompose(moved, measure="broja").atoms[label], atol=1e-8)


def test_observations_of_many_values():
    rng = np.random.default_rng(0)
    target = rng.integers(2, size=5000)
    sources = rng.poisson(5 + 5 * target[:, None], size=(5000, 2))
    d = decompose_samples(sources, target, measure="broja")
    # Sources that are the same function of the target, up to noise: nearly nothing is unique.
    assert d.atoms["{1}{2}"] > 0.3
    assert max(d.atoms["{1}"], d.atoms["{2}"]) < 0.05


def test_what_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(unique_information, "_MOST_TRIPLES", 7)
    with pytest.raises(MeasureError, match=r"takes at most 7 possible combinations .* got 8\. Use fewer bins"):
        decompose(np.full((2, 2, 2), 1 / 8), measure="broja")


def test_a_package_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(unique_information.UniqueInformation, "packages", ("not_there",))
    with pytest.raises(MeasureError, match=r"needs the package not_there, which is not installed\. Install it: pip install not_there"):
        decompose(np.full((2, 2, 2), 1 / 8), measure="broja")
