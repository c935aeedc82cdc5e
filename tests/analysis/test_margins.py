"""Margins without each neuron, to first order: exact where the network is linear, and which images they are computed for."""

import pytest
import torch

from infomorphic.analysis.lesions import without
from infomorphic.analysis.margins import log_odds, margin_of, margins_without_each
from infomorphic.seeding import generator_for
from infomorphic.training.preset import preset


def network_of(name, scale, hidden=30):
    """A network whose readout has large weights, so that margins differ as they do after training."""
    module = preset(name)
    network = module.build(module.settings(hidden=hidden), 5, 3, generator_for(0, "weights")).requires_grad_(False)
    network.network.layers["readout"].connections["F"].weight.mul_(scale)
    return network


@pytest.fixture
def images():
    return 3 * torch.randn(400, 5, generator=generator_for(1, "images"))


def exact(network, images, mean, decided):
    """The margins without each neuron, computed with each one removed."""
    layer = "hidden"
    changed = [without(network, [j], mean, layer).predict_proba(images, None, "expected") for j in range(len(mean))]
    return torch.stack([margin_of(log_odds(scores), decided) for scores in changed], 1)


def test_a_margin_is_the_log_odds_of_the_chosen_class_minus_the_largest_other():
    scores = torch.tensor([[0.5, 0.8, 0.1], [1 - 1e-6, 1 - 2e-6, 0.5]])
    odds = log_odds(scores)
    assert odds[0].tolist() == pytest.approx([0, torch.logit(torch.tensor(0.8)).item(), -torch.logit(torch.tensor(0.9)).item()], abs=1e-6)
    margins = margin_of(odds, scores.argmax(1))
    assert float(margins[0]) == pytest.approx(float(torch.logit(torch.tensor(0.8))), abs=1e-6)
    assert float(margins[1]) == 0  # both are certain: no decision by their difference


def test_without_lateral_input_the_estimate_is_exact(images):
    # The currents of the readout are linear in the outputs, and its log-odds are its currents.
    network = network_of("context", 3)
    mean = network.present(images, None, inference="expected")["hidden"].output.mean(0)
    found = margins_without_each(network, images, "hidden", mean)
    assert len(found.unsettled) > 10
    expected = exact(network, images[found.unsettled], mean, found.decided[found.unsettled])
    # Only the classes that may overtake are followed: a margin far from zero may be that of another class.
    near = expected < found.largest_change
    torch.testing.assert_close(found.without[near].double(), expected[near], atol=1e-4, rtol=0)


@pytest.mark.parametrize("name", ["setup-1", "setup-3", "lateral"])
def test_with_lateral_input_and_feedback_the_error_is_of_second_order(name, images):
    network = network_of(name, 3)
    mean = network.present(images, None, inference="expected")["hidden"].output.mean(0)
    found = margins_without_each(network, images, "hidden", mean)
    decided = found.decided[found.unsettled]
    expected = exact(network, images[found.unsettled], mean, decided)
    near = expected < found.largest_change
    error, change = (found.without - expected)[near], (expected - found.whole[found.unsettled, None])[near]
    assert float(error.abs().max()) < 0.1 * float(change.abs().max())


def test_decisions_with_large_margins_are_settled(images):
    network = network_of("setup-1", 1, hidden=100)
    output = network.present(images, None, inference="expected")["hidden"].output
    mean, classes = output.mean(0), images[:, :3].argmax(1)
    # Every neuron votes for the classes for which it fires more: then margins are much larger than one vote.
    votes = torch.stack([output[classes == c].mean(0) - mean for c in range(3)])
    network.network.layers["readout"].connections["F"].weight.copy_(votes)
    found = margins_without_each(network, images, "hidden", mean)
    settled = torch.ones(len(images), dtype=torch.bool).index_fill(0, found.unsettled, False)
    assert 100 < int(settled.sum()) < 390
    assert float(found.whole[settled].min()) > 4 * found.largest_change
    assert torch.equal(found.settled_without().isinf(), ~settled)
    for neuron in range(0, 100, 10):
        scores = without(network, [neuron], mean).predict_proba(images, None, "expected")
        kept = margin_of(log_odds(scores), found.decided)[settled] / found.whole[settled]
        assert float(kept.min()) > 0.6, "no removal comes near to changing a settled decision"
