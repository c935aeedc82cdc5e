"""Binning inside the kernel gives the bits that binning first gives."""

import pytest
import torch

from infomorphic.errors import ObjectiveInputError
from infomorphic.estimation.binning import BatchRange, EqualMassBinning, FixedRange, LargestMagnitude
from infomorphic.goals import Goal
from infomorphic.layers import Response
from infomorphic.objective import LocalGoal, goal_with_gradient
from infomorphic.objective.currents import bins_of_currents

GOAL = Goal.published("trivariate/optimized-tpe-1")


def gradient_of_bins(bins, theta, num_bins) -> torch.Tensor:
    return goal_with_gradient(bins, theta, GOAL, num_bins)[1]


def gradient_of_currents(currents, theta, binnings) -> torch.Tensor:
    tensor, descending = LocalGoal(GOAL, dict(zip("FCL", binnings, strict=True))).descent(Response(tuple(currents), theta))
    assert tensor is theta
    return -descending


def sample(dtype: torch.dtype, neurons: int = 9) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Currents (batch, neurons) that leave the fixed range now and then and hit edges of bins, and θ."""
    generator = torch.Generator().manual_seed(3)
    f, c, lateral = (torch.randn((300, neurons), generator=generator, dtype=dtype) * scale for scale in (8, 3, 12))
    c = c.round()
    lateral[:, 0] = 4.0
    return [f, c, lateral], torch.sigmoid(f).clamp(1e-6, 1 - 1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(
    "binnings",
    [
        [FixedRange(20, -20, 20)] * 3,
        [LargestMagnitude(20), LargestMagnitude(7), LargestMagnitude(3)],
        [FixedRange(2, -1, 1), BatchRange(20), LargestMagnitude(60)],
        [EqualMassBinning(10), FixedRange(20), FixedRange(20)],
    ],
    ids=["fixed", "scaled", "mixed", "equal mass"],
)
def test_same_bits_as_binning_first(dtype, binnings) -> None:
    currents, theta = sample(dtype)
    bins = bins_of_currents(currents, binnings)
    expected = gradient_of_bins(bins, theta, [b.num_bins for b in binnings])
    assert torch.equal(gradient_of_currents(currents, theta, binnings), expected)


@pytest.mark.parametrize("neurons", [9, 110], ids=["few numbers", "more than 2^15"])
def test_ranges_of_few_and_of_many_numbers_give_the_same_bits(neurons) -> None:
    currents, theta = sample(torch.float32, neurons)
    binnings = [LargestMagnitude(20)] * 3
    expected = gradient_of_bins(bins_of_currents(currents, binnings), theta, 20)
    assert torch.equal(gradient_of_currents(currents, theta, binnings), expected)


def test_a_binning_of_ones_own_that_extends_another_has_its_own_range() -> None:
    class Halved(LargestMagnitude):
        def range(self, current):
            low, high = super().range(current)
            return low / 2, high / 2

    currents, theta = sample(torch.float32)
    binnings = [Halved(20)] * 3
    expected = gradient_of_bins(bins_of_currents(currents, binnings), theta, 20)
    assert torch.equal(gradient_of_currents(currents, theta, binnings), expected)
    assert not torch.equal(gradient_of_currents(currents, theta, [LargestMagnitude(20)] * 3), expected)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_current_that_is_no_number_has_no_bin_in_a_range_scaled_to_it(bad) -> None:
    currents, theta = sample(torch.float32)
    currents[1][17, 3] = bad
    with pytest.raises(ObjectiveInputError, match="`bin_index` must lie in the range"):
        gradient_of_currents(currents, theta, [LargestMagnitude(20)] * 3)


def test_neuron_major_currents_are_read_in_place() -> None:
    currents, theta = sample(torch.float32)
    binnings = [FixedRange(20)] * 3
    expected = gradient_of_currents(currents, theta, binnings)
    by_neuron = [current.T.contiguous().T for current in currents]
    assert torch.equal(gradient_of_currents(by_neuron, theta.T.contiguous().T, binnings), expected)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -1e30])
def test_currents_that_are_no_numbers(bad) -> None:
    currents, theta = sample(torch.float32)
    currents[1][17, 3] = bad
    if bad == bad:  # infinite currents go to the outermost bins
        assert torch.isfinite(gradient_of_currents(currents, theta, [FixedRange(20)] * 3)).all()
    else:
        with pytest.raises(ObjectiveInputError, match="`bin_index` must lie in the range"):
            gradient_of_currents(currents, theta, [FixedRange(20)] * 3)
