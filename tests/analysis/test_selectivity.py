"""Preferred and avoided classes of known responses."""

import math

import pytest
import torch

from infomorphic.analysis.selectivity import class_selectivity, coded_classes, in_words
from infomorphic.pid.entropy import binary_entropy

LABELS = torch.arange(4).repeat_interleave(50)


def coding(*by_class):
    """Neurons that fire with these probabilities for each of four classes."""
    theta = torch.tensor(by_class, dtype=torch.float64).T[LABELS]
    return class_selectivity(theta, LABELS, 4)


def test_a_neuron_that_tells_two_classes_from_two_others():
    found = coding([1, 1, 0, 0])
    assert found.mean_firing_prob[:, 0].tolist() == [1, 1, 0, 0]
    assert (found.preferred, found.avoided) == ([[0, 1]], [[2, 3]])
    assert float(found.entropy[0]) == 1
    assert float(found.label_information[0]) == 1
    assert float(found.noise[0]) == 0


def test_noise_is_no_information():
    found = coding([0.5] * 4)
    assert (found.preferred, found.avoided) == ([[]], [[]])
    assert (float(found.entropy[0]), float(found.noise[0])) == (1, 1)
    assert float(found.label_information[0]) == pytest.approx(0, abs=1e-12)


def test_label_information_of_a_noisy_neuron_in_closed_form():
    found = coding([0.9, 0.9, 0.1, 0.1])
    h = -(0.9 * math.log2(0.9) + 0.1 * math.log2(0.1))
    assert float(found.label_information[0]) == pytest.approx(1 - h, abs=1e-12)
    assert float(found.noise[0]) == pytest.approx(h, abs=1e-12)


def test_classes_in_the_middle_are_neither_preferred_nor_avoided_and_the_strongest_comes_first():
    found = coding([0.8, 1.0, 0.5, 0.0])
    assert (found.preferred, found.avoided) == ([[1, 0]], [[3]])


def test_a_difference_that_chance_allows_is_no_preference():
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(4).repeat_interleave(20)
    found = class_selectivity((torch.rand(80, 200, generator=generator) > 0.5).double(), labels, 4)
    # Of 200 neurons without any preference, class means of twenty images differ by more than 0.1 nearly always.
    spread = found.mean_firing_prob.amax(0) - found.mean_firing_prob.amin(0)
    assert int((spread > 0.1).sum()) > 180
    assert sum(bool(p) for p in found.preferred) < 10


def test_a_class_without_images_is_left_out():
    theta = torch.tensor([[1.0], [0.0], [1.0], [0.0]])
    found = class_selectivity(theta, torch.tensor([0, 2, 0, 2]), 3)
    assert (found.preferred, found.avoided) == ([[0]], [[2]])
    assert math.isnan(float(found.mean_firing_prob[1, 0]))
    assert float(found.label_information[0]) == 1


@pytest.mark.parametrize(
    ("preferred", "avoided", "words", "coded"),
    [
        ([1], [0, 2, 3], "b by firing", ([1], True)),
        ([0, 2, 3], [1], "b by silence", ([1], False)),
        ([0, 1], [2, 3], "a, b against c, d", ([0, 1], True)),
        ([], [], "no class", ([], True)),
    ],
)
def test_what_is_coded_is_the_smaller_group_whatever_its_sign(preferred, avoided, words, coded):
    assert in_words(preferred, avoided, ("a", "b", "c", "d")) == words
    assert coded_classes(preferred, avoided) == coded


def test_binary_entropy_is_zero_where_nothing_is_left_to_chance():
    assert binary_entropy(torch.tensor([0.0, 0.5, 1.0])).tolist() == [0, 1, 0]
