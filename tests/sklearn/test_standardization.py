"""Standardization inside the estimators against scikit-learn's."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import StandardScaler

from infomorphic.errors import InvalidSamplesError
from infomorphic.sklearn.standardization import Standardization


@given(seed=st.integers(0, 1000), samples=st.integers(2, 30), scale=st.sampled_from([1e-20, 1.0, 1e12]))
def test_features_are_standardized_as_by_scikit_learn(seed, samples, scale):
    X = scale * np.random.default_rng(seed).normal(size=(samples, 3))
    result = Standardization.of(X, "features")(X, torch.float64).numpy()
    np.testing.assert_allclose(result, StandardScaler().fit_transform(X), atol=1e-9)


def test_all_values_share_one_mean_and_deviation():
    X = np.array([[0.0, 2.0], [0.0, 2.0]])
    standardization = Standardization.of(X, "all")
    assert standardization(X, torch.float32).tolist() == [[-1, 1], [-1, 1]]
    assert standardization(np.array([[4.0, 4.0]]), torch.float32).tolist() == [[3, 3]]


def test_nothing_changes_without_standardization():
    X = np.array([[0.5, -3.0]])
    assert Standardization.of(X, None)(X, torch.float64).tolist() == [[0.5, -3.0]]


@pytest.mark.parametrize("how", ["features", "all"])
def test_what_does_not_vary_becomes_zero(how):
    X = np.full((7, 2), 0.1)  # whose computed deviation is not exactly zero
    assert (Standardization.of(X, how)(X, torch.float32) == 0).all()


def test_values_that_are_too_large_are_an_error():
    with pytest.raises(InvalidSamplesError, match="their standard deviation is not finite"):
        Standardization.of(np.array([[1e300], [-1e300]]), "features")
    with pytest.raises(InvalidSamplesError, match="too large for single precision"):
        Standardization.of(np.array([[1.0], [2.0]]), None)(np.array([[1e39]]), torch.float32)
