"""Gaussian decompositions against closed forms."""

import math

import numpy as np
import pytest
import torch
from scipy.linalg import block_diag

from infomorphic.errors import InvalidPmfError, InvalidSamplesError, NotPointwiseError, TooManySourcesError
from infomorphic.pid import compare_measures, decompose_gaussian, decompose_gaussian_samples

CORRELATED = np.array([[1, 0.5, 0.6], [0.5, 1, 0.3], [0.6, 0.3, 1]])


def random_covariance(*shape, seed=0):
    root = np.random.default_rng(seed).normal(size=(*shape[:-1], shape[-1], shape[-1] + 2))
    return root @ np.swapaxes(root, -1, -2)


def test_two_sources_in_closed_form():
    d = decompose_gaussian(CORRELATED)
    first, second = (-math.log2(1 - r**2) / 2 for r in (0.6, 0.3))
    r_squared = CORRELATED[2, :2] @ np.linalg.solve(CORRELATED[:2, :2], CORRELATED[:2, 2])
    both = -math.log2(1 - r_squared) / 2
    np.testing.assert_allclose(d.atoms.array, [second, first - second, 0, both - first], atol=1e-14)
    np.testing.assert_allclose(d.mutual_information.array, [first, second, both], atol=1e-14)
    assert d.target_entropy == pytest.approx(math.log2(2 * math.pi * math.e) / 2)
    assert d.residual_entropy == pytest.approx(d.target_entropy - both)
    assert d.measure.name == "mmi"


def test_a_sum_of_independent_sources_is_synergy():
    # T = S1 + S2 + noise of variance 1: I1 = ½ log2(3/2), I12 = ½ log2 3.
    atoms = decompose_gaussian([[1, 0, 1], [0, 1, 1], [1, 1, 3]]).atoms
    assert atoms["{1}{2}"] == pytest.approx(math.log2(3 / 2) / 2)
    assert atoms["{12}"] == pytest.approx((math.log2(3) - math.log2(3 / 2)) / 2)


@pytest.mark.parametrize("num_sources", [1, 2, 3, 4])
def test_atoms_are_not_negative_and_do_not_depend_on_units(num_sources):
    covariance = random_covariance(5, num_sources + 1)
    atoms = decompose_gaussian(covariance).atoms.array
    assert atoms.shape[0] == 5
    assert atoms.min() > -1e-12
    units = np.array([1e-6, 3, 1e4, 7, 2])[: num_sources + 1]
    np.testing.assert_allclose(decompose_gaussian(covariance * np.outer(units, units)).atoms.array, atoms, atol=1e-9)
    np.testing.assert_allclose(decompose_gaussian(covariance[2]).atoms.array, atoms[2], atol=1e-12)


def test_sources_and_targets_of_several_dimensions():
    first, second = random_covariance(3, seed=1), random_covariance(3, seed=2)
    # Two independent systems: informations add up. Axes: two of source 1, two of source 2, two of the target.
    joint = block_diag(first, second)[np.ix_([0, 3, 1, 4, 2, 5], [0, 3, 1, 4, 2, 5])]
    d = decompose_gaussian(joint, sizes=[2, 2, 2])
    parts = [decompose_gaussian(c).mutual_information.array for c in (first, second)]
    np.testing.assert_allclose(d.mutual_information.array, parts[0] + parts[1], atol=1e-12)


def test_torch_and_gradients():
    covariance = torch.from_numpy(random_covariance(4)).requires_grad_()
    symmetric = lambda c: decompose_gaussian((c + c.T) / 2).atoms.array  # noqa: E731
    assert torch.autograd.gradcheck(symmetric, covariance)
    np.testing.assert_allclose(symmetric(covariance).detach().numpy(), decompose_gaussian(random_covariance(4)).atoms.array, atol=1e-12)


def test_samples_give_the_decomposition_of_their_covariance():
    rows = np.random.default_rng(0).multivariate_normal(np.zeros(3), CORRELATED, size=20_000)
    d = decompose_gaussian_samples(rows[:, :2], rows[:, 2])
    np.testing.assert_allclose(d.atoms.array, decompose_gaussian(np.cov(rows.T)).atoms.array, atol=1e-12)
    np.testing.assert_allclose(d.atoms.array, decompose_gaussian(CORRELATED).atoms.array, atol=0.02)
    lists = decompose_gaussian_samples([rows[:, 0], rows[:, 1:2]], rows[:, 2])
    np.testing.assert_array_equal(lists.atoms.array, d.atoms.array)


def test_with_a_copula_monotone_transformations_change_nothing():
    rows = np.random.default_rng(0).multivariate_normal(np.zeros(3), CORRELATED, size=20_000)
    d = decompose_gaussian_samples(rows[:, :2], rows[:, 2], copula=True)
    moved = decompose_gaussian_samples([np.exp(rows[:, 0]), rows[:, 1] ** 3], np.arctan(rows[:, 2]), copula=True)
    np.testing.assert_array_equal(moved.atoms.array, d.atoms.array)
    np.testing.assert_allclose(d.atoms.array, decompose_gaussian(CORRELATED).atoms.array, atol=0.02)


@pytest.mark.parametrize(
    ("covariance", "sizes", "message"),
    [
        (np.ones(3), None, r"must have shape \(\*batch, d, d\); got \(3,\)"),
        (np.ones((2, 3)), None, r"got \(2, 3\)"),
        (np.full((2, 2), np.nan), None, "must be finite"),
        ([[1, 0.5], [0.2, 1]], None, "must be symmetric"),
        ([[1, 1], [1, 1]], None, "must be positive definite"),
        ([[1, 2], [2, 1]], None, "must be positive definite"),
        ([[0, 0], [0, 1]], None, "positive variances"),
        (np.eye(3), [1, 1], "add up to the 3 dimensions"),
        (np.eye(3), [3, 0], "must be positive"),
    ],
)
def test_bad_covariances(covariance, sizes, message):
    with pytest.raises(InvalidPmfError, match=message):
        decompose_gaussian(covariance, sizes)


def test_bad_samples():
    rows = np.random.default_rng(0).normal(size=(10, 3))
    with pytest.raises(InvalidSamplesError, match="same number of observations"):
        decompose_gaussian_samples(rows[:, :2], rows[:5, 2])
    with pytest.raises(InvalidSamplesError, match=r"more observations than columns \(3\); got 3"):
        decompose_gaussian_samples(rows[:3, :2], rows[:3, 2])
    with pytest.raises(InvalidSamplesError, match="target must be finite"):
        decompose_gaussian_samples(rows[:, :2], np.full(10, np.nan))
    with pytest.raises(TooManySourcesError):
        decompose_gaussian(np.eye(7))
    with pytest.raises(TooManySourcesError):
        decompose_gaussian([[1.0]])


def test_there_is_nothing_pointwise_and_no_other_measure():
    d = decompose_gaussian(CORRELATED)
    with pytest.raises(NotPointwiseError):
        d.pointwise  # noqa: B018
    with pytest.raises(ValueError, match="got Gaussian variables"):
        compare_measures(d)
