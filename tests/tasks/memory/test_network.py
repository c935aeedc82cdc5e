"""The infomorphic memory: the published network, its training, and what its neurons know."""

import math

import pytest
import torch
from pydantic import ValidationError

from infomorphic.errors import ConfigurationError
from infomorphic.estimation import FixedRange, SoftRange
from infomorphic.tasks.memory import Couplings, Settings, build, memorize, neuron_information, random_patterns, recall, score
from infomorphic.tasks.memory.information import scaled
from infomorphic.tasks.memory.network import EPOCHS, LAYER, carrying, clamped, couplings_of
from infomorphic.tasks.memory.preset import enter_epoch

SMALL = Settings(neurons=20)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_defaults_are_the_published_values():
    settings = Settings()
    assert (settings.neurons, settings.external_weight, EPOCHS) == (100, 2.3, 5000)
    assert (settings.external_bins, settings.recurrent_bins, settings.bin_range) == (2, 60, (-20, 20))
    assert (settings.optimizer.learning_rate, settings.optimizer.weight_decay) == (0.05, 0)


def test_a_neuron_fires_with_the_sigmoid_of_the_sum_of_its_currents():
    network = build(SMALL, generator())
    patterns = random_patterns(4, 20, generator(1))
    output = network(clamped(patterns))[LAYER]
    weight = couplings_of(network).weight
    assert not weight.diagonal().any()
    assert 0 < weight.abs().max() <= 0.001 / math.sqrt(19)
    external, recurrent = output.currents
    torch.testing.assert_close(external, 2.3 * patterns)
    torch.testing.assert_close(recurrent, patterns @ weight.T)
    torch.testing.assert_close(output.firing_prob, torch.sigmoid(2.3 * patterns + patterns @ weight.T))


def test_the_two_values_of_the_external_current_have_a_bin_each():
    network = build(SMALL, generator())
    patterns = random_patterns(9, 20, generator(1))
    bins = network.goals[LAYER].bin_index(network(clamped(patterns))[LAYER])
    assert torch.equal(bins[0], (patterns > 0).long())


def test_training_stores_patterns_and_only_the_recurrent_weights_change():
    patterns = random_patterns(16, 20, generator(1))
    seen = []

    def look(epoch, network):
        seen.append(epoch)
        assert [name for name, p in network.named_parameters() if p.requires_grad] == ["layers.memory.connections.C.weight"]
        assert float(network.layers[LAYER].connections["F"].weight) == pytest.approx(2.3)

    couplings = memorize(patterns, SMALL, generator(), 300, look)
    assert seen == list(range(1, 301))
    assert not couplings.weight.diagonal().any()
    assert not torch.equal(couplings.weight, couplings.weight.T)
    assert score(recall(couplings, patterns).states, patterns) > 0.99


def test_soft_bins_train_other_weights_that_store_as_well():
    patterns = random_patterns(16, 20, generator(1))
    hard, soft = (memorize(patterns, SMALL.model_copy(update={"softness": s}), generator()) for s in (0.0, 0.5))
    assert not torch.equal(hard.weight, soft.weight)
    assert not soft.weight.diagonal().any()
    assert score(recall(soft, patterns).states, patterns) > 0.99


def test_bins_become_sharp_after_the_soft_epochs():
    patterns = random_patterns(16, 20, generator(1))
    soft = SMALL.model_copy(update={"softness": 0.5})
    settings = Settings.model_validate({**soft.model_dump(), "soft_epochs": 20})
    seen: dict[Settings, list[torch.Tensor]] = {}
    for made in (soft, settings):
        weights = seen[made] = []
        memorize(patterns, made, generator(), 40, lambda _, network, into=weights: into.append(couplings_of(network).weight))
    assert all(torch.equal(a, b) for a, b in zip(seen[soft][:20], seen[settings][:20], strict=True))
    assert not torch.equal(seen[soft][20], seen[settings][20])
    network = build(settings, generator())
    for epoch, kind in ((1, SoftRange), (20, SoftRange), (21, FixedRange)):
        enter_epoch(network, settings, epoch)
        assert type(network.goals[LAYER].binnings[1]) is kind


def test_soft_epochs_need_softness():
    with pytest.raises(ValidationError, match="needs a `softness` above 0"):
        Settings(soft_epochs=10)


def test_training_depends_on_the_seed_of_the_weights_alone():
    patterns = random_patterns(10, 20, generator(1))
    first, again, other = (memorize(patterns, SMALL, generator(seed), 20).weight for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_training_raises_the_redundancy():
    patterns = random_patterns(16, 20, generator(1))
    before = neuron_information(couplings_of(build(SMALL, generator())), patterns, SMALL)
    after = neuron_information(memorize(patterns, SMALL, generator(), 300), patterns, SMALL)
    assert after["{F}{C}"].mean() > before["{F}{C}"].mean() + 0.5


def test_atoms_and_residual_entropy_sum_to_the_entropy_of_the_output():
    patterns = random_patterns(16, 20, generator(1))
    couplings = memorize(patterns, SMALL, generator(), 5)
    terms = neuron_information(couplings, patterns, SMALL)
    p = carrying(couplings, SMALL)(clamped(patterns))[LAYER].firing_prob.double().mean(0)
    entropy = -(p * p.log2() + (1 - p) * (1 - p).log2())
    total = sum(terms[label] for label in ("{F}{C}", "{F}", "{C}", "{FC}", "H_res"))
    torch.testing.assert_close(total.double(), entropy, atol=1e-5, rtol=0)


def test_without_recurrent_input_all_information_is_the_external_inputs_alone():
    # Four neurons whose bits are balanced over the patterns; C = 0 throughout, so {F} is 1 − h(σ(2.3)) bits.
    patterns = torch.tensor([[1.0, -1.0], [-1.0, 1.0]]).repeat(1, 2)
    terms = neuron_information(Couplings(torch.zeros(4, 4)), patterns, Settings(neurons=4))
    p = 1 / (1 + math.exp(-2.3))
    noise = -(p * math.log2(p) + (1 - p) * math.log2(1 - p))
    for label, value in {"{F}": 1 - noise, "{F}{C}": 0.0, "{C}": 0.0, "{FC}": 0.0, "H_res": noise}.items():
        torch.testing.assert_close(terms[label], torch.full((4,), value), atol=1e-5, rtol=0)


def test_scaling_sets_the_size_of_the_field_and_leaves_recall_as_it_is():
    patterns = random_patterns(6, 20, generator(1))
    couplings = Couplings(torch.randn(20, 20, generator=generator(2)).fill_diagonal_(0))
    couplings.weight[3] = 0
    twice = scaled(couplings, patterns, 2.0)
    size = twice.field(patterns).square().mean(0).sqrt()
    expected = torch.full((20,), 2.0)
    expected[3] = 0
    torch.testing.assert_close(size, expected)
    assert torch.equal(recall(twice, patterns).states, recall(couplings, patterns).states)


def test_sizes_and_goals_are_checked():
    with pytest.raises(ConfigurationError, match="one bit for each of the 20 neurons; got 7"):
        memorize(torch.ones(2, 7), SMALL)
    with pytest.raises(ConfigurationError, match="must be of 20 neurons, as in the settings; got 7"):
        carrying(Couplings(torch.zeros(7, 7)), SMALL)
    with pytest.raises(ConfigurationError, match="must not have a bias"):
        carrying(Couplings(torch.zeros(20, 20), torch.zeros(20)), SMALL)
    with pytest.raises(ValidationError, match="these neurons have F, C"):
        Settings(goal="trivariate/optimized-tpe-1")
