"""Correlations of known outputs, and which neurons are redundant."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infomorphic.analysis.similarity import order_by_similarity, pairwise_similarity
from infomorphic.pid import decompose
from infomorphic.pid.entropy import binary_entropy


def probabilities(seed, neurons=4):
    return torch.rand(30, neurons, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@given(seed=st.integers(0, 10**6))
def test_mutual_information_of_a_pair_is_that_of_its_joint_distribution(seed):
    p = probabilities(seed, 2)
    joint = torch.stack([torch.stack([((1 - p[:, 0]) * (1 - p[:, 1])).mean(), ((1 - p[:, 0]) * p[:, 1]).mean()]),
                         torch.stack([(p[:, 0] * (1 - p[:, 1])).mean(), (p[:, 0] * p[:, 1]).mean()])])  # fmt: skip
    found = pairwise_similarity(p, torch.zeros(2)).mutual_information
    assert float(found[0, 1]) == pytest.approx(float(decompose(joint).mutual_information["{1}"]), abs=1e-10)
    assert float(found[0, 1]) == pytest.approx(float(found[1, 0]), abs=1e-14)
    assert float(found[0, 1]) <= float(binary_entropy(p.mean(0)).min()) + 1e-12
    assert found.diagonal().tolist() == [0, 0]


def test_of_twins_the_one_that_tells_more_is_kept():
    theta = torch.tensor([[0.9, 0.05, 1.0, 0.5], [0.1, 0.95, 0.0, 0.5], [0.9, 0.05, 1.0, 0.4], [0.1, 0.95, 0.0, 0.6]])
    found = pairwise_similarity(theta, torch.tensor([0.2, 0.3, 0.5, 0.0]))
    # Neuron 1 says the opposite, which is the same; neuron 3 says something else.
    assert found.redundant == [0, 1]
    assert found.twin == {0: 2, 1: 2}
    assert float(found.correlation[0, 1]) == pytest.approx(-1)


def test_a_neuron_that_never_varies_is_like_none():
    found = pairwise_similarity(torch.tensor([[1.0, 1.0, 0.2], [1.0, 1.0, 0.8]]), torch.zeros(3))
    assert found.correlation.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert found.redundant == []
    assert float(found.mutual_information.abs().max()) == 0


def test_the_nearest_neuron_shares_most_and_is_another():
    theta = torch.tensor([[1.0, 0.9, 0.5], [0.0, 0.1, 0.5], [1.0, 0.8, 0.6]])
    found = pairwise_similarity(theta, torch.zeros(3))
    assert found.nearest(0) == [1, 2]
    assert pairwise_similarity(theta[:, :1], torch.zeros(1)).nearest(0) == []


def test_similar_neurons_stand_side_by_side():
    theta = probabilities(0, 6)
    theta[:, 4] = theta[:, 0]
    theta[:, 2] = 1 - theta[:, 5]
    found = pairwise_similarity(theta, torch.zeros(6))
    order = order_by_similarity(found.correlation).tolist()
    assert sorted(order) == list(range(6))
    assert abs(order.index(0) - order.index(4)) == 1
    assert abs(order.index(2) - order.index(5)) == 1
    assert order_by_similarity(torch.eye(2, dtype=torch.float64)).tolist() == [0, 1]
