"""States of ±1 as pixels."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from infomorphic.plots import PlotValueError, plot_bits
from infomorphic.plots.palette import BITS


def colors(ax):
    return [[to_hex(pixel) for pixel in row] for row in np.asarray(ax.images[0].get_array())]


def test_bits_are_drawn_in_rows_with_marked_ones_in_red():
    ax = plot_bits([1, -1, 1, -1, 1], 2, Figure().subplots(), marked=[False, False, True, True, False], title="$x$")
    off, on, wrong_off, wrong_on = BITS
    assert colors(ax) == [[on, off], [wrong_on, wrong_off], [on, "#ffffff"]]
    assert ax.get_title() == r"\$x\$"


@pytest.mark.parametrize(
    ("bits", "width", "marked", "message"),
    [
        ([], 1, None, r"`bits` must be a row of at least one bit; got shape \(0,\)"),
        ([1.0], 0, None, "`width` must be at least 1; got 0"),
        ([1.0, -1.0], 1, [True], r"`marked` must have one value per bit \(2\); got shape \(1,\)"),
    ],
)
def test_what_is_not_a_state(bits, width, marked, message):
    with pytest.raises(PlotValueError, match=message):
        plot_bits(bits, width, Figure().subplots(), marked=marked)
