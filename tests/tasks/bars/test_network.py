"""Layers that learn without labels."""

import math

import pytest
import torch
from pydantic import ValidationError

from infomorphic.goals import Goal
from infomorphic.tasks.bars import Bars, Unsupervised, adam, build, evaluate, firing_prob, fit, receptive_fields, train_epoch

SMALL = Unsupervised(neurons=4, images=2000, batch_size=500, epochs=100)


def binary_entropy(p):
    return -p * math.log2(p) - (1 - p) * math.log2(1 - p)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def trained():
    generator = seeded()
    return fit(SMALL, Bars(size=4).sample(SMALL.images, generator).images, generator)


def test_every_neuron_learns_a_bar_of_its_own(trained):
    result = evaluate(trained, Bars(size=4))
    assert result.one_bar_each
    assert result.bits_correct == 1
    assert result.layer_information == pytest.approx(4, abs=1e-9)
    assert result.bits_correct_sampled > 0.9
    # Its weights are large where its bar is and nowhere else.
    fields = receptive_fields(trained).view(4, 4, 4).mean(2).abs()
    assert torch.equal(fields.argmax(1), result.coding.bar)


def test_an_untrained_layer_does_not_code_bars():
    result = evaluate(build(Unsupervised(), 64, seeded()), Bars())
    assert not result.one_bar_each
    assert result.bits_correct < 0.8


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_eight_bars_with_default_settings(seed):
    settings, data, generator = Unsupervised(), Bars(), seeded(seed)
    result = evaluate(fit(settings, data.sample(settings.images, generator).images, generator), data)
    assert result.one_bar_each
    assert result.layer_information == pytest.approx(8, abs=1e-9)


def test_the_same_seed_gives_the_same_weights():
    data = Bars(size=4)

    def weights(seed):
        generator = seeded(seed)
        return receptive_fields(fit(SMALL.model_copy(update={"epochs": 2}), data.sample(500, generator).images, generator))

    assert torch.equal(weights(1), weights(1))
    assert not torch.equal(weights(1), weights(2))


def test_an_epoch_shows_every_image_once():
    images = torch.arange(10.0)[:, None].expand(10, 16).contiguous()
    network = build(SMALL, 16, seeded())
    seen = []
    learn = network.learn
    network.learn = lambda inputs, generator: (seen.append(inputs["input"][:, 0]), learn(inputs, generator))[1]
    train_epoch(network, adam(network, SMALL), images, 3, seeded())
    assert sorted(torch.cat(seen).tolist()) == list(range(10))
    assert [len(batch) for batch in seen] == [3, 3, 2, 2]


def test_evaluation_draws_nothing_without_noise():
    network = build(SMALL, 16, seeded())
    images = Bars(size=4).every().images
    assert torch.equal(firing_prob(network, images), firing_prob(network, images))
    first, second = evaluate(network, Bars(size=4), seeded(1)), evaluate(network, Bars(size=4), seeded(2))
    assert first.layer_information_sampled == second.layer_information_sampled


def test_noise_lowers_what_the_layer_tells(trained):
    clean, noisy = evaluate(trained, Bars(size=4)), evaluate(trained, Bars(size=4, noise=0.2), seeded())
    # A row of four pixels is misread if more than two are inverted, and half of the time if two are.
    wrong = 4 * 0.2**3 * 0.8 + 0.2**4 + 6 * 0.2**2 * 0.8**2 / 2
    assert noisy.bits_correct == pytest.approx(1 - wrong, abs=0.02)
    # Fano: four fair bits, each known with this error, leave at most so much open.
    assert 4 * (1 - binary_entropy(1 - noisy.bits_correct)) < noisy.layer_information < clean.layer_information
    assert noisy.bits_correct_sampled < clean.bits_correct_sampled


def test_too_many_bars_to_list_are_sampled():
    result = evaluate(build(SMALL, 81, seeded()), Bars(size=9, orientation="both"), seeded())
    assert result.layer_information is None
    assert 0.5 <= result.bits_correct <= 1
    noisy = evaluate(build(SMALL, 81, seeded()), Bars(size=9, noise=0.1), seeded())
    assert noisy.layer_information_sampled is None


def test_settings_are_checked():
    assert Unsupervised(goal="context/heuristic").goal == Goal.published("context/heuristic")
    with pytest.raises(ValidationError, match="these neurons have F, C"):
        Unsupervised(goal="trivariate/heuristic")
    with pytest.raises(ValidationError):
        Unsupervised(neuron=8)


def test_each_epoch_is_reported_and_the_report_changes_nothing():
    settings, images = SMALL.model_copy(update={"epochs": 3}), Bars().sample(600, seeded(3)).images
    seen = []
    network = fit(settings, images, seeded(), lambda epoch, network: seen.append((epoch, receptive_fields(network))))
    assert [epoch for epoch, _ in seen] == [0, 1, 2, 3]
    assert torch.equal(seen[0][1], receptive_fields(build(settings, 64, seeded())))
    assert torch.equal(seen[-1][1], receptive_fields(network))
    assert torch.equal(seen[-1][1], receptive_fields(fit(settings, images, seeded())))
    assert not torch.equal(seen[1][1], seen[2][1])
