"""Bars that neurons code, and their joint information."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infomorphic.errors import ConfigurationError
from infomorphic.tasks.bars import Bars, layer_information, match
from shape_checking import wrong_on_purpose


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def binary_entropy(p):
    return -p * math.log2(p) - (1 - p) * math.log2(1 - p)


@given(seed=st.integers(0, 1000), n=st.integers(1, 6))
def test_permuted_and_inverted_bars_are_matched_without_error(seed, n):
    bars = Bars(size=n).every().bars
    order = torch.randperm(n, generator=seeded(seed))
    inverted = torch.rand(n, generator=seeded(seed)) < 0.5
    outputs = (bars[:, order] ^ inverted).float()
    coding = match(outputs, bars)
    assert coding.bits_correct == 1
    assert coding.num_coded == n
    assert torch.equal(coding.bar, order)
    assert torch.equal(coding.inverted, inverted)
    torch.testing.assert_close(coding.exclusiveness, torch.ones(n, dtype=torch.float64))
    assert layer_information(outputs) == pytest.approx(n, abs=1e-12)


def test_each_bar_has_one_neuron_even_if_two_code_the_same():
    bars = Bars(size=3).every().bars
    coding = match(bars[:, [0, 0, 1]].float(), bars)
    assert sorted(coding.bar.tolist()) == [0, 1, 2]
    assert coding.bits_correct == pytest.approx((1 + 1 + 0.5) / 3)
    assert coding.num_coded == 2
    assert layer_information(bars[:, [0, 0, 1]].float()) == pytest.approx(2)


def test_neurons_and_bars_in_different_numbers():
    bars = Bars(size=3).every().bars
    more = match(torch.cat([bars, bars[:, :1]], dim=1).float(), bars)
    assert sorted(more.bar.tolist()) == [-1, 0, 1, 2]
    assert more.exclusiveness[more.bar == -1] == 0
    fewer = match(bars[:, :2].float(), bars)
    assert fewer.bar.tolist() == [0, 1]
    assert fewer.bits_correct == 1


def test_probabilities_weigh_the_images():
    data = Bars(size=2, p=0.25)
    bars = data.every().bars
    silent = torch.zeros(4, 2)
    assert match(silent, bars, data.probability(bars)).bits_correct == pytest.approx(0.75)
    assert layer_information(bars.float(), data.probability(bars)) == pytest.approx(2 * binary_entropy(0.25))


@given(q=st.floats(0.51, 0.99), n=st.integers(1, 5))
def test_neurons_that_say_their_bar_with_probability_q_are_n_binary_channels(q, n):
    bars = Bars(size=n).every().bars
    theta = (1 - q) + (2 * q - 1) * bars.double()
    assert layer_information(theta) == pytest.approx(n * (1 - binary_entropy(q)), abs=1e-9)
    assert match(theta, bars).bits_correct == pytest.approx(q)


def test_two_noisy_neurons_of_one_bar():
    """Two independent reports of a fair bit: H of the three counts, less the noise of both."""
    q = 0.8
    theta = torch.tensor([[q, q], [1 - q, 1 - q]])
    agree = (q**2 + (1 - q) ** 2) / 2
    mixture = [agree, q * (1 - q), q * (1 - q), agree]
    expected = -sum(p * math.log2(p) for p in mixture) - 2 * binary_entropy(q)
    assert layer_information(theta) == pytest.approx(expected, abs=1e-6)


def test_images_of_one_pattern_are_noise():
    """A pattern shown twice with deterministic but different outputs: the neuron acts as a channel for the pattern."""
    theta = torch.tensor([[1.0], [0.0], [0.0], [0.0]])
    pattern = torch.tensor([0, 0, 1, 1])
    # p(y = 1) = 1/4; given the first pattern 1/2, given the second 0
    assert layer_information(theta, pattern=pattern) == pytest.approx(binary_entropy(0.25) - 0.5)
    assert layer_information(theta) == pytest.approx(binary_entropy(0.25))


def test_patterns_with_one_image_each_are_the_exact_case():
    theta = torch.rand(8, 5, generator=seeded())
    probability = torch.rand(8, generator=seeded(1))
    by_pattern = layer_information(theta, probability, torch.arange(8))
    assert by_pattern == pytest.approx(layer_information(theta, probability), abs=1e-10)


def test_an_image_of_probability_zero_counts_nothing():
    theta = torch.tensor([[0.9], [0.1], [0.5]])
    pattern = torch.tensor([0, 1, 2])
    expected = 1 - binary_entropy(0.9)
    for given_pattern in (None, pattern):
        assert layer_information(theta, torch.tensor([0.5, 0.5, 0.0]), given_pattern) == pytest.approx(expected, abs=1e-6)


@wrong_on_purpose
def test_what_does_not_fit_is_refused():
    bars = Bars(size=2).every().bars
    with pytest.raises(ConfigurationError, match=r"the same number of images, at least one; got 3, 4\."):
        match(torch.zeros(3, 2), bars)
    with pytest.raises(ConfigurationError, match="at least one; got 0, 0"):
        layer_information(torch.zeros(0, 2))
    with pytest.raises(ConfigurationError, match="got 4, 4 and 3"):
        layer_information(torch.zeros(4, 2), torch.ones(3))
    with pytest.raises(ConfigurationError, match=r"at most 20 columns \(neurons\); got 21"):
        layer_information(torch.zeros(1, 21))
