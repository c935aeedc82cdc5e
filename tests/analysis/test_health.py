"""Warnings about estimates: bins that nothing falls into, and too few samples per cell."""

import torch

from infomorphic.analysis.health import estimator_health, health_of
from infomorphic.estimation import FixedRange, LargestMagnitude
from own_binnings import OwnFixed


def test_counts_by_hand():
    # Two neurons; the first has three samples beyond the range and one in the middle, the second all in one bin.
    current = torch.tensor([[9.0, 0.1], [9.0, 0.1], [-9.0, 0.1], [0.5, 0.1]])
    found = health_of([current], [FixedRange(4, -2.0, 2.0)], "F")
    assert found.occupied_cells.tolist() == [3, 1]
    assert found.samples_a_cell.tolist() == [4 / 3, 4]
    assert found.outermost["F"].tolist() == [0.75, 0]
    assert found.in_two_bins["F"].tolist() == [0.75, 0]


def test_cells_are_those_of_all_sources_together():
    f, c = torch.tensor([[-1.5], [-1.5], [1.5], [1.5]]), torch.tensor([[-1.0], [1.0], [-1.0], [1.0]])
    found = health_of([f, c], [FixedRange(4, -2.0, 2.0), LargestMagnitude(2)], "FC")
    assert found.occupied_cells.tolist() == [4]


def test_crowded_bins_and_narrow_ranges_are_warned_of():
    generator = torch.Generator().manual_seed(0)
    small = 0.1 * torch.randn(500, 3, generator=generator)
    large = 1000 * torch.randn(500, 3, generator=generator)
    warnings = health_of([large, small], [FixedRange(20, -19.0, 19.0), FixedRange(20, -19.0, 19.0)], "FC").warnings()
    assert len(warnings) == 3
    assert "F: in 3 of 3 neurons more than 95 % of the samples fall into two of the 20 bins" in warnings[0]
    assert "F: in 3 of 3 neurons more than 10 % of the samples lie in the outermost bins" in warnings[1]
    assert "C: in 3 of 3 neurons more than 95 %" in warnings[2]


def test_what_is_meant_to_be_binary_and_what_fits_is_not_warned_of():
    generator = torch.Generator().manual_seed(0)
    bit = (torch.rand(500, 3, generator=generator) > 0.9).float()
    spread = 40 * torch.rand(500, 3, generator=generator) - 20
    assert health_of([spread, bit], [LargestMagnitude(20), LargestMagnitude(20)], "FC").warnings() == []


def test_a_source_in_one_bin_is_not_called_one_of_which_the_sign_is_seen():
    # 21 bins: zero is the middle of one. The second neuron's current reaches the next.
    current = torch.tensor([[0.1, 0.1], [-0.1, 1.1], [0.2, 0.2]]).repeat(100, 1)
    found = health_of([current], [FixedRange(21, -19.0, 19.0)], "C")
    assert found.in_one_bin["C"].tolist() == [1, 2 / 3]
    assert found.warnings() == [
        "C: in 1 of 2 neurons all samples fall into one of the 21 bins. Their goals cannot see this source.",
        "C: in 1 of 2 neurons more than 95 % of the samples fall into two of the 21 bins. "
        "The terms capture little more than the sign of this source.",
    ]


def test_the_published_range_has_a_note_and_no_warning():
    small = 0.1 * torch.randn(500, 3, generator=torch.Generator().manual_seed(0))
    found = health_of([1000 * small, small, small], [FixedRange(20), FixedRange(10), LargestMagnitude(20)], "FCL")
    assert found.warnings() == []
    assert found.note.startswith("The bins of F, C have the published range")
    assert health_of([small], [LargestMagnitude(20)], "F").note is None


def test_too_many_cells_for_the_samples():
    generator = torch.Generator().manual_seed(0)
    spread = [40 * torch.rand(100, 2, generator=generator) - 20 for _ in range(3)]
    assert "only 1.0 samples per occupied cell" in health_of(spread, [FixedRange(20)] * 3, "FCL").warnings()[0]


def test_of_a_network_as_it_was_trained(trained):
    found = estimator_health(trained)
    assert (found.samples, found.num_bins, found.sources) == (256, (20, 20, 20), "FCL")
    assert found.occupied_cells.shape == (14,)
    assert bool((found.occupied_cells <= 256).all())


def test_fixed_bins_from_outside_may_be_too_narrow():
    found = health_of([torch.linspace(-9, 9, 100)[:, None]], [OwnFixed(10)], "F")
    assert found.fixed_range == {"F": True}
    assert found.published_range == {"F": False}
    assert "The terms cannot resolve these." in found.warnings()[0]
