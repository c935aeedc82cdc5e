"""Bins of currents: edges, values outside, and soft bins."""

import pytest
import torch

from infomorphic.errors import ConfigurationError
from infomorphic.estimation import BatchRange, EqualMassBinning, FixedRange, LargestMagnitude, SoftRange

CURRENT = torch.tensor([[-30.0, 0.0], [-20.0, 1.0], [0.0, -2.0], [19.9, 0.5], [25.0, 1.9]])


def test_fixed_range():
    assert FixedRange(20, -20, 20)(CURRENT)[:, 0].tolist() == [0, 0, 10, 19, 19]


def test_largest_magnitude_scales_every_neuron_to_plus_minus_one():
    bins = LargestMagnitude(4)(CURRENT)
    assert bins[:, 0].tolist() == [0, 0, 2, 3, 3]
    assert bins[:, 1].tolist() == [2, 3, 0, 2, 3]
    torch.testing.assert_close(LargestMagnitude(4)(CURRENT * torch.tensor([7.0, 0.01])), bins)


def test_range_of_the_batch():
    bins = BatchRange(5)(CURRENT)
    assert bins.min(0).values.tolist() == [0, 0]
    assert bins.max(0).values.tolist() == [4, 4]


def test_equal_mass():
    current = torch.randn(1000, 3, generator=torch.Generator().manual_seed(0))
    for column in EqualMassBinning(8)(current).T:
        assert torch.bincount(column, minlength=8).tolist() == [125] * 8
    tied = torch.tensor([[0.0], [0.0], [0.0], [1.0]])
    assert len(set(EqualMassBinning(4)(tied)[:3, 0].tolist())) == 1


@pytest.mark.parametrize("binning", [FixedRange(7), LargestMagnitude(7), BatchRange(7), EqualMassBinning(7)])
def test_bins_ascend_with_the_current_and_stay_in_range(binning):
    current = torch.randn(200, 4, generator=torch.Generator().manual_seed(1)) * 15
    bins = binning(current)
    assert bins.min() >= 0
    assert bins.max() < 7
    order = current[:, 0].argsort()
    assert (bins[order, 0].diff() >= 0).all()
    assert torch.equal(binning(torch.full((5, 2), 3.0)).unique(dim=0), binning(torch.full((1, 2), 3.0)))


@pytest.mark.parametrize("binning", [LargestMagnitude(20), BatchRange(20)])
@pytest.mark.parametrize("scale", [0.0, 1e-42, 1e-39, 1e-37])
def test_a_current_that_has_all_but_vanished_still_has_bins(binning, scale):
    current = torch.randn(200, 2, generator=torch.Generator().manual_seed(1)) * scale
    bins = binning(current)
    assert bins.min() == 0
    assert bins.max() == (19 if scale == 1e-37 else 0)


def test_impossible_binnings():
    with pytest.raises(ConfigurationError, match="at least 1"):
        FixedRange(0)
    with pytest.raises(ConfigurationError, match="must ascend"):
        FixedRange(5, 2, 2)


def test_soft_shares_are_those_of_logistic_noise():
    binning = SoftRange(10, -5, 5, softness=0.5)
    current = torch.linspace(-7, 7, 57, dtype=torch.float64)[:, None]
    bins, share = binning.shares(current)
    total = torch.zeros(57, 10, dtype=torch.float64).scatter_add_(1, bins[:, 0], share[:, 0])
    edges = torch.arange(-5.0, 6.0, dtype=torch.float64)
    below = torch.sigmoid((edges - current) / 0.5)
    below[:, 0], below[:, -1] = 0, 1
    # Tails beyond six scales are moved, at most e^-6 of a sample on either side.
    torch.testing.assert_close(total, below.diff(dim=1), atol=2.5e-3, rtol=0)
    torch.testing.assert_close(share.sum(-1), torch.ones(57, 1, dtype=torch.float64))


def test_nearly_hard_soft_bins_are_the_bins_of_a_fixed_range():
    current = torch.tensor([[-99.0, -3.2], [0.4, 2.6], [4.9, 99.0]])
    bins, share = SoftRange(10, -5, 5, softness=0.01).shares(current)
    total = torch.zeros(3, 2, 10).scatter_add_(2, bins, share)
    expected = torch.nn.functional.one_hot(FixedRange(10, -5, 5)(current), 10).float()
    torch.testing.assert_close(total, expected)
    assert torch.equal(SoftRange(10, -5, 5)(current), FixedRange(10, -5, 5)(current))


def test_softness_is_positive():
    with pytest.raises(ConfigurationError, match=r"`softness` must be positive; got 0\. Use FixedRange"):
        SoftRange(softness=0)


@pytest.mark.parametrize(
    ("binning", "expected"),
    [
        (FixedRange(20), True),
        (FixedRange(21), False),
        (FixedRange(6, -0.3, 0.3), True),  # an edge, up to rounding
        (FixedRange(5, -20, 5), True),
        (FixedRange(5, 0, 5), False),  # zero is the lowest edge, and what is below goes to the bin above it
        (FixedRange(4, -9, -1), False),
    ],
)
def test_an_edge_at_zero_tells_small_currents_apart_by_their_sign(binning, expected):
    assert binning.has_edge_at_zero is expected
    low, high = binning(torch.tensor([[-1e-3], [1e-3]]))[:, 0].tolist()
    assert (low != high) is expected
