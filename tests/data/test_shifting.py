"""Shifts of single images, against numpy."""

import numpy as np
import pytest
import torch

from infomorphic.data import RandomShifts
from infomorphic.errors import DataError


@pytest.mark.parametrize("shape", [(3, 4), (4, 3, 1), (5, 4, 3)])
@pytest.mark.parametrize("most", [1, 2])
def test_every_image_has_its_own_shift_and_repeats_its_edge(shape, most):
    shifts = torch.tensor([(down, right) for down in range(-most, most + 1) for right in range(-most, most + 1)])
    images = torch.randn(len(shifts), *shape, generator=torch.Generator().manual_seed(0))
    found = RandomShifts(shape, most)(images.flatten(1), shifts)
    for image, shifted, (down, right) in zip(images.numpy(), found, shifts.tolist(), strict=True):
        padded = np.pad(image, [(most, most), (most, most), *[(0, 0)] * (len(shape) - 2)], mode="edge")
        expected = np.roll(padded, (down, right), (0, 1))[most:-most, most:-most]
        assert np.array_equal(shifted.reshape(shape).numpy(), expected)


def test_a_shift_of_nothing_is_the_image():
    images = torch.randn(7, 12)
    assert torch.equal(RandomShifts((3, 4), 2)(images, torch.zeros(7, 2, dtype=torch.long)), images)


def test_all_shifts_are_drawn_and_the_generator_decides():
    shifts = RandomShifts((8, 8), 1)
    drawn = shifts.draw(1000, torch.Generator().manual_seed(0))
    assert len(drawn.unique(dim=0)) == 9
    assert torch.equal(drawn, shifts.draw(1000, torch.Generator().manual_seed(0)))
    assert not torch.equal(drawn, shifts.draw(1000, torch.Generator().manual_seed(1)))


@pytest.mark.parametrize(
    ("shape", "most", "message"),
    [
        (None, 1, "inputs must be images to be shifted"),
        ((9,), 1, "inputs must be images to be shifted"),
        ((3, 4), 3, "smaller than the images, which have 3 × 4 pixels; got 3"),
        ((3, 4), 0, "at least 1"),
    ],
)
def test_what_cannot_be_shifted_is_refused(shape, most, message):
    with pytest.raises(DataError, match=message):
        RandomShifts(shape, most)
