"""Lesions: the loss without some neurons, beside random ones and with a substitute."""

import copy
from dataclasses import replace

import pytest
import torch

from infomorphic.analysis.lesions import Loss, Substitute, accuracy, compare_lesions, single_losses, substitutes_for, without
from infomorphic.errors import ConfigurationError
from infomorphic.networks.network import Classifier
from infomorphic.seeding import generator_for
from infomorphic.training.preset import preset

MEAN = torch.linspace(-0.9, 0.9, 8)


def network_of(name, **settings):
    module = preset(name)
    return module.build(module.settings(hidden=8, **settings), 5, 3, generator_for(0, "weights"))


@torch.no_grad()
def by_hand(network, images, change):
    """Class probabilities of setup 1 or 2, label withheld, with the outputs of neurons replaced: directly from weights and formulas."""
    hidden, readout = network.network.layers["hidden"], network.network.layers["readout"]
    weight = {s: hidden.learned_weight(s) for s in "FCL"}
    bias = {s: torch.zeros(hidden.num_neurons) if hidden.connections[s].bias is None else hidden.connections[s].bias for s in "FCL"}
    drive = images @ weight["F"].T + bias["F"]
    context = bias["C"].expand_as(drive)
    output = change(torch.zeros_like(drive))
    for _ in range(2):
        lateral = output @ weight["L"].T + bias["L"]
        output = change(2 * torch.sigmoid(hidden.activation(drive, context, lateral)).clamp(1e-6, 1 - 1e-6) - 1)
    current = output @ readout.learned_weight("F").T + readout.connections["F"].bias
    return torch.sigmoid(readout.activation(current, torch.zeros_like(current)))


def replaced(output, values):
    output = output.clone()
    for neuron, value in values.items():
        output[:, neuron] = value
    return output


@pytest.fixture
def images():
    return 3 * torch.randn(40, 5, generator=generator_for(1, "images"))


@pytest.mark.parametrize(
    ("name", "settings"), [("setup-1", {}), ("setup-1", {"hidden_bias": False}), ("setup-2", {"lateral_connections": 3})]
)
def test_a_removed_neuron_always_puts_out_its_mean(name, settings, images):
    network = network_of(name, **settings)
    before = network.predict_proba(images, None, "expected")
    torch.testing.assert_close(before, by_hand(network, images, lambda y: y), atol=1e-5, rtol=0)
    found = without(network, [2, 5], MEAN).predict_proba(images, None, "expected")
    expected = by_hand(network, images, lambda y: replaced(y, {2: MEAN[2], 5: MEAN[5]}))
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)
    assert float((found - before).abs().max()) > 0.01
    assert torch.equal(network.predict_proba(images, None, "expected"), before), "the network itself is untouched"


def test_another_stands_in(images):
    network = network_of("setup-1")
    found = without(network, [2], MEAN, substitutes={2: Substitute(6, -0.5)}).predict_proba(images, None, "expected")
    expected = by_hand(network, images, lambda y: replaced(y, {2: MEAN[2] - 0.5 * (y[:, 6] - MEAN[6])}))
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)


def test_in_sparse_connections_only_who_is_heard_stands_in():
    network = network_of("setup-2", lateral_connections=3)
    before = network.network.layers["hidden"].learned_weight("L")
    after = without(network, [2], MEAN, substitutes={2: Substitute(6, 0.5)}).network.layers["hidden"].learned_weight("L")
    assert not after[:, 2].any()
    hears_both = (before[:, 2] != 0) & (before[:, 6] != 0)
    assert torch.equal(after[:, 6] != before[:, 6], hears_both)
    torch.testing.assert_close(after[hears_both, 6], before[hears_both, 6] + 0.5 * before[hears_both, 2])


def test_who_stands_in_is_the_most_similar_that_is_left():
    y = torch.randn(200, 4, generator=generator_for(0, "outputs"))
    y[:, 1] = -2 * y[:, 0] + 0.01 * y[:, 1]
    y[:, 2] = y[:, 0] + y[:, 2]
    assert substitutes_for([0], y)[0].neuron == 1
    assert substitutes_for([0], y)[0].slope == pytest.approx(-0.5, abs=0.01)
    assert substitutes_for([0, 1], y)[0].neuron == 2, "not one that is removed as well"
    assert substitutes_for(range(4), y) == {}


def test_a_twin_that_stands_in_loses_nothing(trained):
    # A neuron that is made the copy of another can be removed without any change.
    network = trained.network
    hidden = network.network.layers["hidden"]
    output = trained.withheld["hidden"].output.clone()
    output[:, 3] = -output[:, 7]
    substitutes = substitutes_for([3], output)
    assert (substitutes[3].neuron, substitutes[3].slope) == (7, pytest.approx(-1))
    changed = without(network, [3], output.mean(0), substitutes=substitutes).network.layers
    readout = network.network.layers["readout"].connections["F"].weight
    torch.testing.assert_close(changed["readout"].connections["F"].weight[:, 7], readout[:, 7] - readout[:, 3])
    assert hidden.connections["L"].weight[:, 3].any()


def test_single_losses_are_those_of_removing_each_alone(trained):
    reported = []
    losses = single_losses(trained, lambda done, total: reported.append((done, total)))
    mean = trained.withheld["hidden"].output.mean(0)
    before = accuracy(trained.network, trained.images, trained.labels)
    for neuron in (0, 5, 13):
        after = accuracy(without(trained.network, [neuron], mean), trained.images, trained.labels)
        assert losses[neuron].accuracy == pytest.approx(before - after, abs=1e-9)
    assert [done for done, _ in reported] == list(range(1, 15))


def decided_by_a_wide_readout(name, trained, **settings):
    """A network of 60 neurons whose margins are as large as those of trained ones, with images, and labels of which some are wrong."""
    module = preset(name)
    network = module.build(module.settings(hidden=60, **settings), 5, 3, generator_for(0, "weights")).requires_grad_(False)
    network.network.layers["readout"].connections["F"].weight.mul_(6)
    images = 3 * torch.randn(300, 5, generator=generator_for(1, "images"))
    labels = network.predict_proba(images, None, "expected").argmax(1)
    labels[::5] = (labels[::5] + 1) % 3
    return replace(trained, network=network, images=images, labels=labels)


def counted(labels, before, after):
    """The images of each class that become wrong, and right."""
    changes = ((before == labels) & (after != labels), (before != labels) & (after == labels))
    return tuple(tuple(labels[c].bincount(minlength=3).tolist()) for c in changes)


@pytest.mark.parametrize(("name", "settings"), [("setup-1", {}), ("setup-2", {"lateral_connections": 20})])
def test_each_single_loss_of_a_large_layer_is_that_of_computing_everything_again(name, settings, trained, monkeypatch):
    large = decided_by_a_wide_readout(name, trained, **settings)
    mean = large.withheld["hidden"].output.mean(0)
    computed = []
    predict = Classifier.predict_proba
    monkeypatch.setattr(Classifier, "predict_proba", lambda self, x, *rest: (computed.append(len(x)), predict(self, x, *rest))[1])
    losses = single_losses(large)
    assert sum(computed) < 60 * 300 / 4, "most decisions need not be computed"
    before = by_hand(large.network, large.images, lambda y: y).argmax(1)
    found = [(loss.wrong_by_class, loss.right_by_class) for loss in losses]
    expected = [
        counted(large.labels, before, by_hand(large.network, large.images, lambda y, j=j: replaced(y, {j: mean[j]})).argmax(1))
        for j in range(60)
    ]
    assert found == expected
    assert sum(map(sum, found[0])) < sum(sum(map(sum, f)) for f in found), "some removals change decisions"
    assert {loss.images for loss in losses} == {300}


@pytest.mark.parametrize("name", ["setup-3", "context", "lateral", "backprop", "relu"])
def test_single_losses_with_feedback_without_lateral_input_and_of_other_networks(name, trained):
    large = decided_by_a_wide_readout(name, trained)
    mean = large.withheld["hidden"].output.mean(0)
    before = large.network.predict_proba(large.images, None, "expected").argmax(1)
    for neuron, loss in enumerate(single_losses(large)):
        after = without(large.network, [neuron], mean).predict_proba(large.images, None, "expected").argmax(1)
        assert (loss.wrong_by_class, loss.right_by_class) == counted(large.labels, before, after)


def test_the_most_probable_outputs_have_no_estimate_and_every_decision_is_computed(trained):
    network = copy.deepcopy(trained.network)
    network.network.wiring["hidden"] = replace(network.network.wiring["hidden"], output="mode")
    deterministic = replace(trained, network=network)
    mean = deterministic.withheld["hidden"].output.mean(0)
    before = accuracy(network, trained.images, trained.labels)
    losses = single_losses(deterministic)
    for neuron in (0, 5, 13):
        after = accuracy(without(network, [neuron], mean), trained.images, trained.labels)
        assert losses[neuron].accuracy == pytest.approx(before - after, abs=1e-9)


def test_losses_are_counted_by_class(trained):
    losses = single_losses(trained)
    before = trained.network.predict_proba(trained.images, None, "expected").argmax(1) == trained.labels
    mean = trained.withheld["hidden"].output.mean(0)
    changed = without(trained.network, [5], mean).predict_proba(trained.images, None, "expected").argmax(1) == trained.labels
    for k in range(10):
        of_class = trained.labels == k
        assert losses[5].wrong_by_class[k] == int((before & ~changed & of_class).sum())
        assert losses[5].right_by_class[k] == int((~before & changed & of_class).sum())


def test_a_loss_is_compared_with_chance_by_the_sign_test():
    loss = Loss((3, 0, 2), (0, 1, 1), images=100)
    assert (loss.wrong, loss.right, loss.accuracy) == (5, 2, 0.03)
    # Of 7 changes, 2 or fewer, or 5 or more: 2 · (1 + 7 + 21) / 2⁷.
    assert loss.p == pytest.approx(58 / 128)
    assert not loss.exceeds_chance
    assert Loss((0,), (0,), 9).p == 1
    assert Loss((8,), (0,), 9).p == pytest.approx(2 / 256)
    assert Loss((8,), (0,), 9).exceeds_chance


def test_the_classes_that_lose_most():
    assert Loss((9, 4, 5, 0, 2), (0, 0, 0, 3, 2), 100).classes_lost == [0, 2]
    assert Loss((1, 1, 1, 1), (0, 0, 0, 0), 100).classes_lost == [0, 1, 2]
    assert Loss((0, 1), (2, 1), 100).classes_lost == []


def test_random_removals_are_repeatable_and_of_the_same_number(trained):
    test = (trained.data.test_images, trained.data.test_labels)
    found = compare_lesions(trained, [0, 1, 2], *test, seeds=range(4))
    assert found == compare_lesions(trained, [0, 1, 2], *test, seeds=range(4))
    assert len(found.accuracy_without_random) == 4
    assert 0 <= found.costs_less_than_random <= 1
    nothing = compare_lesions(trained, [], *test, seeds=[0])
    assert nothing.accuracy_without == nothing.accuracy == nothing.accuracy_without_random[0]
    # Without any hidden neuron the network always says the same class.
    all_gone = compare_lesions(trained, range(14), *test, seeds=[0])
    assert all_gone.accuracy_without < 0.25 < found.accuracy


def test_what_cannot_be_removed_is_refused():
    with pytest.raises(ConfigurationError, match="numbers from 0 to 7; got 8"):
        without(network_of("setup-1"), [1, 8], MEAN)
