"""Images of bars and patches."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from infomorphic.errors import ConfigurationError
from infomorphic.tasks.bars import Bars, patches

T, F = True, False


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_horizontal_bars_are_rows_and_vertical_bars_columns():
    on = torch.tensor([[T, F, F]])
    horizontal = Bars(size=3).draw(on).view(3, 3)
    assert horizontal.tolist() == [[1, 1, 1], [-1, -1, -1], [-1, -1, -1]]
    assert torch.equal(Bars(size=3, orientation="vertical").draw(on).view(3, 3), horizontal.T)


def test_crossing_bars():
    on = torch.tensor([[T, F, F, T]])  # the upper row and the right column
    assert Bars(size=2, orientation="both").draw(on).tolist() == [[1, 1, -1, 1]]
    assert Bars(size=2, orientation="both", overlap="sum").draw(on).tolist() == [[0, 1, -1, 0]]


@given(size=st.integers(1, 4), orientation=st.sampled_from(["horizontal", "vertical", "both"]), p=st.floats(0.05, 0.95))
def test_every_pattern_once_with_probabilities_that_add_up(size, orientation, p):
    data = Bars(size=size, orientation=orientation, p=p, noise=0.3)
    shown = data.every()
    assert shown.images.shape == (2**data.num_bars, data.num_pixels)
    assert len(shown.bars.unique(dim=0)) == 2**data.num_bars
    assert set(shown.images.unique().tolist()) <= {-1.0, 1.0}  # noise is left out
    torch.testing.assert_close(data.probability(shown.bars).sum(), torch.tensor(1.0, dtype=torch.float64))


def test_bars_are_on_with_their_probability():
    bars = Bars(p=0.2).sample(20_000, seeded()).bars.float()
    # five standard deviations of a mean of 20 000
    assert (bars.mean(0) - 0.2).abs().max() < 5 * (0.2 * 0.8 / 20_000) ** 0.5
    assert (bars.T.corrcoef() - torch.eye(8)).abs().max() < 5 / 20_000**0.5


def test_noise_turns_pixels_round():
    clean, noisy = Bars(), Bars(noise=0.1)
    shown = noisy.sample(2000, seeded())
    turned = (shown.images != clean.draw(shown.bars)).float().mean(0)
    assert (turned - 0.1).abs().max() < 5 * (0.09 / 2000) ** 0.5


def test_the_same_seed_draws_the_same_images():
    data = Bars(noise=0.1)
    assert torch.equal(data.sample(50, seeded(3)).images, data.sample(50, seeded(3)).images)
    assert not torch.equal(data.sample(50, seeded(3)).images, data.sample(50, seeded(4)).images)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ConfigurationError, match=r"at most 16 to enumerate all patterns.*got 18"):
        Bars(size=9, orientation="both").every()
    with pytest.raises(ConfigurationError, match="must have 8 columns, one per bar; got 3"):
        Bars().draw(torch.ones(1, 3, dtype=torch.bool))
    with pytest.raises(ValidationError):
        Bars(orientation="diagonal")
    with pytest.raises(ValidationError):
        Bars(p=1.0)


def test_patches_are_standardized_pieces_of_the_images():
    image = torch.arange(30.0)[None]
    found = patches(image, (5, 6), 2, 100, seeded())
    assert found.shape == (100, 4)
    torch.testing.assert_close(found.mean(1), torch.zeros(100), atol=1e-6, rtol=0)
    torch.testing.assert_close(found.square().mean(1), torch.ones(100))
    # In this image every window is 0, 1, 6, 7 up to a constant.
    expected = torch.tensor([-3.5, -2.5, 2.5, 3.5])
    torch.testing.assert_close(found, (expected / expected.square().mean().sqrt()).expand(100, 4))


def test_patches_without_contrast_are_drawn_again():
    image = torch.zeros(1, 25, dtype=torch.uint8)
    image[0, -1] = 255
    found = patches(image, (5, 5), 4, 10, seeded(1))
    assert torch.equal(found.argmax(1), torch.full((10,), 15)), "only the last of four windows has a pixel that differs"
    with pytest.raises(ConfigurationError, match="must have contrast; only 0 of 200"):
        patches(torch.zeros(1, 64), (8, 8), 4, 10)


@pytest.mark.parametrize(("shape", "size", "message"), [((4, 4), 2, "must have 64 pixels"), ((8, 8), 9, "from 2 to 8")])
def test_patches_that_do_not_fit(shape, size, message):
    with pytest.raises(ConfigurationError, match=message):
        patches(torch.zeros(1, 64), shape, size, 10)
