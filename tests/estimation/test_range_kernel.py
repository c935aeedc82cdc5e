"""The compiled range of bins is that of torch, bit for bit."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infomorphic.estimation import LargestMagnitude
from infomorphic.estimation.range_kernel import scale_by_largest_magnitude


def scales(current: torch.Tensor, num_bins: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Low edge and bins per unit of a current (neurons, batch)."""
    low, per_unit = current.new_empty(2, len(current))
    scale_by_largest_magnitude(current.numpy(), num_bins, low.numpy(), per_unit.numpy())
    return low, per_unit


@given(
    num_bins=st.integers(1, 60),
    dtype=st.sampled_from([torch.float32, torch.float64]),
    rows=st.lists(st.lists(st.floats(width=32, allow_nan=False), min_size=33, max_size=33), min_size=1, max_size=4),
)
def test_same_bits_as_torch(num_bins, dtype, rows) -> None:
    current = torch.tensor(rows, dtype=dtype)
    expected = LargestMagnitude(num_bins).scale(current.T)
    assert all(torch.equal(a, b) for a, b in zip(scales(current, num_bins), expected, strict=True))


@pytest.mark.parametrize("value", [0.0, 1e-42, float("inf")], ids=["silent", "subnormal", "infinite"])
def test_a_range_that_is_no_range_has_no_bins_per_unit(value) -> None:
    low, per_unit = scales(torch.full((1, 5), value), 20)
    assert low == -value
    assert per_unit == 0
