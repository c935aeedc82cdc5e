"""Patterns and cues."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infomorphic.errors import ConfigurationError
from infomorphic.tasks.memory import flipped, random_patterns


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_patterns_are_fair_and_independent():
    patterns = random_patterns(2000, 50, generator())
    assert patterns.abs().eq(1).all()
    # Six standard deviations of the mean of 100 000 fair bits.
    assert abs(float(patterns.mean())) < 6 / 100_000**0.5
    overlaps = (patterns[::2] * patterns[1::2]).mean(1)
    assert abs(float(overlaps.mean())) < 6 / 50_000**0.5


def test_fewer_patterns_are_the_first_of_more():
    assert torch.equal(random_patterns(7, 30, generator()), random_patterns(20, 30, generator())[:7])


@pytest.mark.parametrize("correlation", [0.25, 0.64])
def test_correlation_is_the_expected_overlap(correlation):
    patterns = random_patterns(400, 400, generator(), correlation)
    overlap = patterns @ patterns.T / 400
    mean = float(overlap[~torch.eye(400, dtype=torch.bool)].mean())
    assert mean == pytest.approx(correlation, abs=0.02)


def test_patterns_of_correlation_one_are_equal():
    patterns = random_patterns(5, 20, generator(), 1.0)
    assert (patterns == patterns[0]).all()


@given(neurons=st.integers(1, 40), fraction=st.floats(0, 1), seed=st.integers(0, 2**31))
def test_exactly_the_asked_number_of_bits_is_flipped_in_every_pattern(neurons, fraction, seed):
    patterns = random_patterns(6, neurons, generator(seed))
    changed = (flipped(patterns, fraction, generator(seed)) != patterns).sum(1)
    assert (changed == round(fraction * neurons)).all()


def test_each_pattern_is_flipped_at_places_of_its_own():
    patterns = torch.ones(20, 100)
    assert len({tuple(row.tolist()) for row in flipped(patterns, 0.2, generator())}) == 20


@pytest.mark.parametrize("arguments", [(0, 5), (5, 0)])
def test_there_is_at_least_one_pattern_and_neuron(arguments):
    with pytest.raises(ConfigurationError, match="must be at least 1"):
        random_patterns(*arguments)


def test_correlation_and_fraction_are_fractions():
    with pytest.raises(ConfigurationError, match=r"`correlation` must be from 0 to 1; got -0\.1"):
        random_patterns(2, 3, correlation=-0.1)
    with pytest.raises(ConfigurationError, match=r"`fraction` must be from 0 to 1; got 1\.5"):
        flipped(torch.ones(2, 3), 1.5)
