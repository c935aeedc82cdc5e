"""Bars with intervals and the range by chance."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from infomorphic.plots import PlotValueError, plot_certainty

ATOMS = {"{1}{2}": 0.1, "{1}": -0.2, "{2}": 0.0, "{12}": 0.5}


def boxes(ax):
    return [p for p in ax.patches if isinstance(p, Rectangle) and p.get_alpha() is not None]


def test_intervals_and_boxes_stand_at_their_atoms():
    ax = plot_certainty(ATOMS, intervals={"{12}": (0.3, 0.6), "{1}": (-0.3, -0.25)}, chance={"{12}": (-0.01, 0.02)})
    (lines,) = [c for c in ax.collections if isinstance(c, LineCollection)]
    segments = lines.get_segments()
    np.testing.assert_allclose([s[:, 0] for s in segments], [[0.3, 0.6], [-0.3, -0.25]])
    rows = {label.get_text(): place for label, place in zip(ax.get_yticklabels(), ax.get_yticks(), strict=True)}
    assert [s[0, 1] for s in segments] == [rows["{12}"], rows["{1}"]]
    (box,) = boxes(ax)
    assert (box.get_x(), box.get_width()) == pytest.approx((-0.01, 0.03))


def test_the_axis_has_room_for_all_ranges():
    ax = plot_certainty(ATOMS, intervals={"{12}": (0.4, 1.5)}, chance={"{1}": (-2.0, 0.0)})
    low, high = ax.get_xlim()
    assert low < -2.0
    assert high > 1.5


def test_without_ranges_there_are_bars_alone():
    ax = plot_certainty(ATOMS)
    assert not boxes(ax)
    assert len(ax.patches) == 4


@pytest.mark.parametrize(
    ("ranges", "message"),
    [
        ({"intervals": {"{1}": (0.2, 0.1)}}, r"the interval of \{1\} must not end before it begins; got 0\.2 to 0\.1"),
        ({"chance": {"{1}": (float("nan"), 0.1)}}, r"the range by chance of \{1\}"),
    ],
)
def test_ranges_are_checked(ranges, message):
    with pytest.raises(PlotValueError, match=message):
        plot_certainty(ATOMS, **ranges)
