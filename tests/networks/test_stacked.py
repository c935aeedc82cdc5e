"""Stacks of hidden layers, and the published networks as stacks of one."""

import pytest
import torch

from infomorphic.errors import ConfigurationError, GoalError
from infomorphic.goals import Goal
from infomorphic.networks.stacked import Stack
from infomorphic.training.preset import preset

Y = torch.arange(64) % 4
_NOISE = torch.Generator().manual_seed(5)
X = torch.randn(4, 12, generator=_NOISE)[Y] + 0.7 * torch.randn(64, 12, generator=_NOISE)

ONE_LAYER = {
    "setup-1": {},
    "setup-2": {"lateral": 3},
    "setup-3": {"lateral": 3, "context": "readout"},
    "context": {"lateral": None},
    "lateral": {"context": None},
}


@pytest.mark.parametrize("name", ONE_LAYER)
def test_a_stack_of_one_layer_is_the_preset(name):
    module = preset(name)
    settings = module.settings(hidden=8, **({"lateral_connections": 3} if name in ("setup-2", "setup-3") else {}))
    stack = Stack((8,), **ONE_LAYER[name])
    assert stack.optimizers() == settings.optimizers()
    expected = module.build(settings, 12, 4, torch.Generator().manual_seed(3))
    network = stack.build(12, 4, torch.Generator().manual_seed(3))
    for n in (expected, network):
        n.learn(X, Y, torch.Generator().manual_seed(1))
    assert network.network.presentations == expected.network.presentations
    parameters = dict(network.named_parameters())
    assert list(parameters) == [key for key, _ in expected.named_parameters()]
    for key, parameter in expected.named_parameters():
        assert torch.equal(parameter, parameters[key]), key
        if parameter.grad is not None:
            assert torch.equal(parameter.grad, parameters[key].grad), key


def test_each_layer_of_a_stack_learns_from_the_one_below():
    network = Stack((6, 5), lateral=None, goal="{F}{C}").build(12, 4, torch.Generator().manual_seed(0))
    assert list(network.network.layers) == ["hidden1", "hidden2", "readout"]
    assert network.network.layers["hidden2"].connections["F"].weight.shape == (5, 6)
    network.learn(X, Y, torch.Generator().manual_seed(1))
    for key, parameter in network.named_parameters():
        if parameter.requires_grad:
            assert parameter.grad.abs().sum() > 0, key


def test_neurons_of_the_first_layer_may_receive_patches():
    network = Stack((6, 5), lateral=None, patch=2).build((3, 4), 4, torch.Generator().manual_seed(0))
    first, second = (network.network.layer(name).layer.connections["F"] for name in ("hidden1", "hidden2"))
    assert first.weight.shape == (6, 4)
    assert (first.dense_weight() != 0).sum(1).tolist() == [4] * 6
    assert second.weight.shape == (5, 6)
    network.learn(X, Y, torch.Generator().manual_seed(1))
    assert (first.weight.grad != 0).any(1).all()


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (
            {"hidden_layer_sizes": ()},
            ConfigurationError,
            r"`hidden_layer_sizes` must have at least one size, each at least 1 and at most 100000; got \(\)",
        ),
        ({"hidden_layer_sizes": (3, 0)}, ConfigurationError, r"got \(3, 0\)"),
        ({"context": "labels"}, ConfigurationError, '`context` must be "label", "readout" or None; got \'labels\''),
        ({"lateral": "some"}, ConfigurationError, "got 'some'"),
        ({"lateral": 0}, ConfigurationError, '`lateral` must be "all", a number of connections or None; got 0'),
        ({"context": None, "lateral": None}, ConfigurationError, "must not both be None"),
        ({"presentations": 0}, ConfigurationError, "`presentations` must be at least 1 and at most 1000; got 0"),
        ({"goal": "context/optimized-1"}, GoalError, "these neurons have F, C, L"),
        ({"goal": Goal.parse("{F}{C}")}, GoalError, "with the sources F, C, L must be"),
    ],
)
def test_wrong_values_are_errors(wrong, error, message):
    with pytest.raises(error, match=message):
        Stack(**wrong)


@pytest.mark.parametrize("classes", [2, 4])
def test_signs_by_label_do_not_depend_on_how_many_classes_there_are(classes):
    # Turning the weights of readout neurons round turns their firing round: the predictions must stay.
    labels = Y % classes
    network = Stack((8,)).build(12, classes, torch.Generator().manual_seed(0))
    network.settle_signs_by_label(X, labels)
    before, inverted = network.predict_proba(X, inference="expected"), network.inverted.clone()
    readout = network.network.layers["readout"].connections["F"]
    with torch.no_grad():
        readout.weight.mul_(-1)
        readout.bias.mul_(-1)
    network.settle_signs_by_label(X, labels)
    assert torch.equal(network.inverted, ~inverted)
    torch.testing.assert_close(network.predict_proba(X, inference="expected"), before)
    # For its own class every neuron then fires more than for others.
    after = network.predict_proba(X, inference="expected")
    for c in range(classes):
        assert after[labels == c, c].mean() >= after[labels != c, c].mean()


def test_a_neuron_without_samples_of_both_kinds_keeps_its_sign():
    network = Stack((8,)).build(12, 3, torch.Generator().manual_seed(0))
    network.inverted.copy_(torch.tensor([True, False, True]))
    network.settle_signs_by_label(X, torch.zeros(64, dtype=torch.long))
    assert network.inverted.tolist() == [True, False, True]


def settled(firing_prob, labels):
    """What `settle_signs_by_label` makes of readout neurons with these firing probabilities, (samples, classes)."""
    network = Stack((8,)).build(12, firing_prob.shape[1], torch.Generator().manual_seed(0))
    network.reading = lambda readout: firing_prob
    network.settle_signs_by_label(torch.zeros(len(labels), 12), labels)
    return network.inverted.tolist()


def test_a_neuron_that_learned_nothing_of_a_rare_class_is_not_inverted_into_firing_for_everything():
    labels = (torch.arange(365) < 8).long()
    own = labels[:, None] == torch.arange(2)
    silent = torch.tensor([0.52, 0.47]).expand(365, 2)
    # A thousandth in the wrong direction is not evidence against 357 samples of the other class.
    assert settled(torch.where(own, silent - 0.001, silent), labels) == [False, False]
    assert settled(1 - torch.where(own, silent - 0.001, silent), labels) == [True, True]
    # What was learned of it counts as ever.
    assert settled(torch.where(own, 0.1, 0.9), labels) == [True, True]
    assert settled(torch.where(own, 0.9, 0.1), labels) == [False, False]


@pytest.mark.parametrize("classes", [2, 3, 4, 10])
def test_of_classes_of_equal_size_neurons_that_fire_less_for_their_own_are_inverted(classes):
    labels = torch.arange(60) % classes
    own = labels[:, None] == torch.arange(classes)
    firing_prob = torch.rand(60, classes, generator=torch.Generator().manual_seed(classes))
    for shift in (-0.3, 0.0, 0.3):
        shifted = torch.where(own, firing_prob - 0.01, firing_prob) * 0.4 + 0.3 + shift
        expected = [bool(shifted[own[:, k], k].mean() < shifted[~own[:, k], k].mean()) for k in range(classes)]
        assert settled(shifted, labels) == expected


def test_a_class_of_a_quarter_and_a_rare_one_beside_it():
    labels = torch.repeat_interleave(torch.arange(5), torch.tensor([50, 25, 15, 8, 2]))
    own = labels[:, None] == torch.arange(5)
    assert settled(torch.where(own, 0.6, 0.2), labels) == [False] * 5
    assert settled(torch.where(own, 0.4, 0.8), labels) == [True] * 5
    # Where nothing was learned, the neurons of classes above their equal share of a fifth may fire for all.
    assert settled(torch.where(own, 0.05, 0.06), labels) == [True, True, False, False, False]
