"""Learning rules against their formulas, written once more in loops, and against what is known of them."""

import itertools

import pytest
import torch

from infomorphic.tasks.memory import BASELINES, random_patterns, recall, score
from infomorphic.tasks.memory.baselines import hebb, logistic_regression, minimum_probability_flow, perceptron, pseudo_inverse, storkey


def patterns_of(count, neurons, seed=0):
    return random_patterns(count, neurons, torch.Generator().manual_seed(seed))


def stability(couplings, patterns):
    """ξ_i h_i of every pattern and neuron."""
    return patterns * couplings.field(patterns)


@pytest.mark.parametrize("name", BASELINES)
def test_every_rule_stores_few_patterns_without_self_connections(name):
    patterns = patterns_of(3, 40)
    couplings = BASELINES[name](patterns)
    assert not couplings.weight.diagonal().any()
    assert couplings.weight.dtype == torch.float64
    assert torch.equal(recall(couplings, patterns).states, patterns)


def test_hebb_is_the_sum_of_products():
    patterns = patterns_of(5, 6)
    weight = hebb(patterns).weight
    for i, j in itertools.product(range(6), repeat=2):
        expected = 0 if i == j else sum(float(x[i] * x[j]) for x in patterns)
        assert weight[i, j] == expected


def test_storkey_is_its_formula():
    patterns, n = patterns_of(4, 5), 5
    weight = [[0.0] * n for _ in range(n)]
    for x in patterns.tolist():
        h = [[sum(weight[i][k] * x[k] for k in range(n) if k not in (i, j)) for j in range(n)] for i in range(n)]
        step = [[(x[i] * x[j] - x[i] * h[j][i] - h[i][j] * x[j]) / n if i != j else 0.0 for j in range(n)] for i in range(n)]
        weight = [[weight[i][j] + step[i][j] for j in range(n)] for i in range(n)]
    torch.testing.assert_close(storkey(patterns).weight, torch.tensor(weight, dtype=torch.float64), atol=1e-14, rtol=0)


def test_the_first_pattern_of_storkey_is_hebbian():
    patterns = patterns_of(1, 8)
    torch.testing.assert_close(storkey(patterns).weight * 8, hebb(patterns).weight)


def test_pseudo_inverse_is_a_projection_without_its_diagonal():
    patterns = patterns_of(6, 20)
    xi = patterns.double()
    projection = xi.T @ torch.linalg.inv(xi @ xi.T) @ xi
    weight = pseudo_inverse(patterns).weight
    torch.testing.assert_close(weight, projection - projection.diagonal().diag(), atol=1e-12, rtol=0)
    # So the field of a stored pattern is the pattern times what the diagonal leaves: h_i = (1 − P_ii) ξ_i.
    torch.testing.assert_close(stability(pseudo_inverse(patterns), patterns), (1 - projection.diagonal()).expand(6, 20), atol=1e-12, rtol=0)


def test_pseudo_inverse_stores_nothing_once_the_patterns_span_everything():
    assert pseudo_inverse(patterns_of(20, 20, seed=4)).weight.abs().max() < 1e-9


def test_perceptron_stores_what_can_be_stored():
    # Cover 1965: 30 patterns in general position are separable for all neurons with great probability below 2 × 29.
    patterns = patterns_of(30, 30)
    assert (stability(perceptron(patterns), patterns) > 0).all()


def test_perceptron_stops_at_the_number_of_sweeps_and_leaves_stable_neurons_alone():
    patterns = patterns_of(1, 10)
    once = perceptron(patterns, sweeps=1)
    assert torch.equal(once.weight * 10, hebb(patterns).weight)
    assert torch.equal(perceptron(patterns, sweeps=5).weight, once.weight)


def test_logistic_regression_agrees_with_scikit_learn_on_patterns_that_cannot_be_separated():
    linear_model = pytest.importorskip("sklearn.linear_model")
    patterns = patterns_of(40, 6, seed=3)
    weight = logistic_regression(patterns, epochs=3000).weight
    model = linear_model.LogisticRegression(C=1e9, fit_intercept=False, tol=1e-10, max_iter=10_000)
    others = [1, 2, 3, 4, 5]
    expected = model.fit(patterns[:, others].numpy(), patterns[:, 0].numpy()).coef_[0]
    torch.testing.assert_close(weight[0, others], torch.from_numpy(expected).double(), atol=5e-3, rtol=0)
    assert weight.abs().max() > 0.2  # far from where it started, on this scale


def test_minimum_probability_flow_is_symmetric_and_at_the_minimum_of_the_flow():
    patterns = patterns_of(40, 6, seed=3).double()
    weight = minimum_probability_flow(patterns.float(), epochs=1500).weight
    assert torch.equal(weight, weight.T)

    upper = torch.triu_indices(6, 6, 1)
    free = weight[upper[0], upper[1]].clone().requires_grad_()
    symmetric = torch.zeros(6, 6, dtype=torch.float64).index_put((upper[0], upper[1]), free)
    symmetric = symmetric + symmetric.T

    def energy(states):
        return -0.5 * torch.einsum("ki,ij,kj->k", states, symmetric, states)

    flow = torch.zeros((), dtype=torch.float64)
    for i in range(6):
        neighbor = patterns.clone()
        neighbor[:, i] *= -1
        flow = flow + ((energy(patterns) - energy(neighbor)) / 2).exp().mean()
    (gradient,) = torch.autograd.grad(flow, free)
    # At a rate of 0.05 Adam still moves by this much; at zero weights the gradient is a thousand times as large.
    assert gradient.abs().max() < 1e-3


@pytest.mark.parametrize(
    ("name", "load", "low", "high"), [("hebb", 0.1, 0.98, 1.0), ("hebb", 0.4, 0.0, 0.8), ("pseudo-inverse", 0.9, 0.999, 1.0)]
)
def test_known_scores_at_100_neurons(name, load, low, high):
    patterns = patterns_of(round(100 * load), 100)
    value = score(recall(BASELINES[name](patterns), patterns).states, patterns)
    assert low <= value <= high + 1e-12
