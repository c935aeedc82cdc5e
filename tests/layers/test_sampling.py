"""Draws have the given probabilities."""

import pytest
import torch

from infomorphic.layers import sample_outputs


def seeded(seed):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_outputs_have_the_probabilities_that_they_should(dtype):
    theta = torch.linspace(0.02, 0.98, 25, dtype=dtype).repeat(40_000, 1)
    fraction = (sample_outputs(theta, seeded(0)) == 1).double().mean(0)
    # Five standard deviations of a binomial.
    assert ((fraction - theta[0]).abs() < 5 * (theta[0] * (1 - theta[0]) / 40_000).sqrt()).all()


def test_draws_of_neurons_samples_and_calls_are_uncorrelated():
    theta = torch.full((4096, 40), 0.5)
    generator = seeded(1)
    first, second = sample_outputs(theta, generator), sample_outputs(theta, generator)
    limit = 5 / 4096**0.5
    between_neurons = first.T @ first / 4096 - torch.eye(40)
    assert between_neurons.abs().max() < limit
    assert ((first * second).mean(0).abs() < limit).all()
    for lag in (1, 2, 16, 128):
        assert ((first[lag:] * first[:-lag]).mean(0).abs() < 1.05 * limit).all()
    # Neighboring seeds, as those of two generators may be.
    a, b = (sample_outputs(theta, seeded(s)) for s in (10, 11))
    assert ((a * b).mean(0).abs() < limit).all()


def test_draws_do_not_depend_on_threads_or_memory_layout():
    theta = torch.rand(100, 30, generator=seeded(2))
    threads = torch.get_num_threads()
    try:
        results = []
        for count in (1, 2, 3):
            torch.set_num_threads(count)
            results.append(sample_outputs(theta, seeded(3)))
        results.append(sample_outputs(theta.T.contiguous().T, seeded(3)))
    finally:
        torch.set_num_threads(threads)
    assert all(torch.equal(results[0], r) for r in results)


def test_saturated_probabilities():
    theta = torch.tensor([0.0, 1.0]).repeat(1000, 1)
    assert sample_outputs(theta, seeded(0)).mean(0).tolist() == [-1.0, 1.0]


def test_without_a_generator_torch_s_own_is_used():
    torch.manual_seed(4)
    a = sample_outputs(torch.full((50, 2), 0.5))
    torch.manual_seed(4)
    assert torch.equal(a, sample_outputs(torch.full((50, 2), 0.5)))
