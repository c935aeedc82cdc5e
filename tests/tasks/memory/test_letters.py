"""The letters that a memory can store."""

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.tasks.memory import ALPHABET, letters
from infomorphic.tasks.memory.letters import HEIGHT, PIXELS, WIDTH


def test_every_letter_has_its_own_pixels():
    patterns = letters()
    assert patterns.shape == (26, PIXELS) == (26, 35)
    assert set(patterns.unique().tolist()) == {-1.0, 1.0}
    assert len(patterns.unique(dim=0)) == 26
    # A pixel that all letters share would carry no information, and a neuron could not learn it.
    assert bool((patterns.mean(0).abs() < 1).all())


def test_letters_look_as_they_should():
    rows = ["".join("#" if pixel > 0 else "." for pixel in row) for row in letters("T").view(HEIGHT, WIDTH)]
    assert rows == ["#####", *["..#.."] * 6]
    assert torch.equal(letters("BA"), letters()[[1, 0]])
    assert torch.equal(letters("OIX"), letters("OIX").view(3, HEIGHT, WIDTH).flip(2).flatten(1))  # symmetric


def test_letters_are_correlated():
    overlap = letters() @ letters().T / PIXELS
    pairs = overlap[torch.triu(torch.ones(26, 26), 1) > 0]
    assert float(pairs.mean()) == pytest.approx(0.232, abs=0.001)
    assert float(pairs.max()) == pytest.approx(31 / 35)  # D and O


@pytest.mark.parametrize("chosen", ["", "a", "AÄ", "ABA"])
def test_what_is_not_a_choice_of_letters(chosen):
    with pytest.raises(ConfigurationError, match="`chosen` must be different letters from A to Z, at least one"):
        letters(chosen)
    assert len(ALPHABET) == 26
