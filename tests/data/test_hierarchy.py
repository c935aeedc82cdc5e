"""The Random Hierarchy Model, exactly: unambiguous rules, counts, classes."""

from collections import Counter

import numpy as np
import pytest

from infomorphic.data.hierarchy import Hierarchy
from infomorphic.errors import DataError

SMALL = Hierarchy(features=3, classes=4, multiplicity=2, levels=2, train=30, test=2)  # all 4 · 2³ strings
LARGE = Hierarchy(levels=4, train=3000, test=1000, seed=1)


@pytest.mark.parametrize("hierarchy", [SMALL, LARGE])
def test_no_pair_of_a_level_represents_two_symbols(hierarchy):
    assert [len(rules) for rules in hierarchy.rules] == [hierarchy.classes, *[hierarchy.features] * (hierarchy.levels - 1)]
    for rules in hierarchy.rules:
        assert rules.shape[1:] == (hierarchy.multiplicity, 2)
        assert rules.min() >= 0
        assert rules.max() < hierarchy.features
        pairs = [tuple(pair) for pair in rules.reshape(-1, 2).tolist()]
        assert len(set(pairs)) == len(pairs)


def test_the_number_of_strings_is_that_of_the_publication():
    # P_max = n_c · m^(d − 1) for s = 2; m = v^(s − 1) uses every string of the alphabet.
    assert (SMALL.length, SMALL.num_strings) == (4, 4 * 2**3)
    assert Hierarchy().num_strings == 8 * 4**7
    full = Hierarchy(features=3, classes=3, multiplicity=3, levels=2, train=80, test=1)
    assert full.num_strings == 3**4
    assert len({tuple(s) for s in full.sample()[1].tolist()}) == 3**4


def test_all_strings_are_different_and_every_class_has_equally_many():
    labels, strings = SMALL.sample()
    assert len({tuple(string) for string in strings.tolist()}) == len(strings) == SMALL.num_strings
    assert set(Counter(labels.tolist()).values()) == {2**3}
    assert labels[:4].tolist() != [0, 0, 0, 0]  # in random order


@pytest.mark.parametrize("hierarchy", [SMALL, LARGE])
def test_the_class_of_a_string_can_be_read_from_it(hierarchy):
    labels, strings = hierarchy.sample()
    assert np.array_equal(hierarchy.classes_of(strings), labels)
    assert strings.shape == (hierarchy.train + hierarchy.test, hierarchy.length)


def test_strings_outside_the_grammar_have_no_class():
    everything = np.stack(np.meshgrid(*[np.arange(3)] * 4, indexing="ij"), -1).reshape(-1, 4)
    found = SMALL.classes_of(everything)
    assert Counter(found.tolist()) == {-1: 3**4 - 4 * 2**3, 0: 8, 1: 8, 2: 8, 3: 8}


def test_few_of_many_strings_are_drawn_uniformly_without_repetition():
    labels, strings = LARGE.sample()
    assert len({tuple(string) for string in strings.tolist()}) == len(strings)
    counts = np.bincount(labels, minlength=8)
    # Each count is binomial with mean 500; five standard deviations are 105.
    assert abs(counts - 500).max() < 105


def test_the_seed_decides_the_grammar_and_the_samples():
    one, same, other = (Hierarchy(train=50, test=10, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.sample()[1], same.sample()[1])
    assert not np.array_equal(one.rules[0], other.rules[0])
    # Another number of samples has the same grammar.
    assert all(np.array_equal(a, b) for a, b in zip(one.rules, Hierarchy(train=60, test=10, seed=1).rules, strict=True))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"multiplicity": 9}, "`multiplicity` must be at most 8: 8 features have 64 pairs"),
        ({"classes": 32}, "`multiplicity` must be at most 2"),
        ({"levels": 2}, r"add up to at most the number of strings, 512; got 30,000"),
        ({"levels": 0}, "`levels` of a hierarchy must be from 1"),
        ({"levels": 10}, "at most 4,096 inputs"),
        ({"features": 1}, "`features` of a hierarchy must be from 2"),
    ],
)
def test_parameters_that_no_grammar_has_are_refused(parameters, message):
    with pytest.raises(DataError, match=message):
        Hierarchy(**parameters)
