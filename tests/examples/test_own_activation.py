"""The example of an activation of one's own runs."""

import pytest
import torch


@pytest.fixture
def module(example):
    return example("own_activation")


def test_other_sources_amplify_or_do_nothing(module):
    driving = torch.tensor([[-2.0, 0.5, 3.0]])
    amplified = module.Amplified()(driving, torch.tensor([[-1.0, -9.0, 0.0]]))
    assert torch.equal(amplified[0, 1:], driving[0, 1:])
    torch.testing.assert_close(amplified[0, 0], torch.tensor(-2 * (1 + 0.5 * torch.tanh(torch.tensor(2.0)).item())))


def test_it_learns_with_its_own_activation_and_goal(module):
    learned = module.train("own", seed=0, epochs=40, hidden=20)
    assert learned["test accuracy"] > 0.5
    assert learned["{F}{C}"] > 0.03
    assert learned["{F}{C}"] > learned["{F}{L}"]


def test_where_noise_is_punished_neurons_fall_silent(module):
    # The residual entropy of a constant output is zero, and so is all its information.
    silent = module.train("noise punished", seed=0, epochs=40, hidden=20)
    assert silent["H_res"] < 0.05
    assert silent["test accuracy"] < 0.4
