"""The transformer: features, parameters, and what is refused."""

import pickle

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from infomorphic.errors import ConfigurationError, InfomorphicError
from infomorphic.objective import information_terms
from infomorphic.sklearn import InfomorphicTransformer
from shape_checking import wrong_on_purpose

X = load_digits().data[:400]


def small(**parameters):
    return InfomorphicTransformer(**{"n_components": 6, "max_iter": 3, "batch_size": 128, "random_state": 0, **parameters})


def test_transform_gives_the_firing_probabilities_of_expected_outputs():
    model = small().fit(X)
    features = model.transform(X)
    assert features.shape == (400, 6)
    assert ((features > 0) & (features < 1)).all()
    single = model.transform(X.astype(np.float32))
    presented = model.network_({"input": model._standardization(X, torch.float32)}, None, "expected")["units"]
    assert (single == presented.firing_prob.numpy()).all()
    np.testing.assert_allclose(features, single, atol=1e-5)
    assert list(model.get_feature_names_out()[:2]) == ["infomorphictransformer0", "infomorphictransformer1"]


def test_training_raises_the_goal():
    # The mean over neurons of their information about the input that the others do not have.
    def goal(model):
        inputs = {"input": model._standardization(X, torch.float32)}
        layer = model.network_(inputs, torch.Generator().manual_seed(0))["units"]
        local = model.network_.goals["units"]
        return float(information_terms(local.bin_index(layer), layer.firing_prob, local.num_bins, sources="FL")["{F}"].mean())

    assert goal(small(max_iter=60, learning_rate=1e-2).fit(X)) > goal(small(max_iter=1, learning_rate=1e-9).fit(X)) + 0.05


def test_labels_are_ignored_and_the_same_seed_gives_the_same_bits():
    labels = np.arange(400) % 2
    assert (small().fit(X, labels).transform(X) == small().fit(X).transform(X)).all()
    assert not np.allclose(small(random_state=1).fit(X).transform(X), small().fit(X).transform(X))


def test_fit_is_that_many_calls_of_partial_fit_even_through_a_pickle():
    model = small().partial_fit(X)
    model = pickle.loads(pickle.dumps(model)).partial_fit(X).partial_fit(X)
    assert (model.transform(X) == small().fit(X).transform(X)).all()
    assert model.n_iter_ == 3


def test_sparse_lateral_connections():
    model = small(lateral=2).fit(X)
    assert model.network_.layers["units"].connections["L"].weight.shape == (6, 2)
    assert np.isfinite(model.transform(X)).all()


@wrong_on_purpose
@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"n_components": 0}, ConfigurationError, "`n_components` must be a whole number of at least 1; got 0"),
        ({"lateral": None}, ConfigurationError, "`lateral` must be a whole number of at least 1; got None"),
        ({"goal": "{F}{C}"}, InfomorphicError, "the sources here are F, L"),
        ({"batch_size": 1.5}, ConfigurationError, "`batch_size` must be a whole number of at least 2; got 1.5"),
        ({"learning_rate": 1e38}, ConfigurationError, r"`learning_rate` must be at most 1000; got 1e\+38"),
    ],
)
def test_wrong_parameters_are_errors_in_fit(parameters, error, message):
    with pytest.raises(error, match=message):
        small(**parameters).fit(X)
