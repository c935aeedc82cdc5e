"""Curves over epochs."""

import numpy as np
import pytest

from infomorphic.plots import PlotValueError, plot_curves


def test_a_line_for_each_series_with_gaps(ax):
    assert plot_curves([1, 2, 5], {"a": [0.1, np.nan, 0.3], "b": [1, 2, 3]}, ax, ylabel="bits", title="T") is ax
    assert [line.get_xdata().tolist() for line in ax.lines] == [[1, 2, 5]] * 2
    assert ax.lines[1].get_ydata().tolist() == [1, 2, 3]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["a", "b"]
    assert (ax.get_ylabel(), ax.get_title()) == ("bits", "T")
    assert ax.lines[0].get_color() != ax.lines[1].get_color()


def test_ten_series_can_be_told_apart(ax):
    plot_curves([1, 2], {str(i): [i, i] for i in range(10)}, ax)
    assert len({(line.get_color(), line.get_linestyle()) for line in ax.lines}) == 10


def test_what_does_not_fit_is_refused(ax):
    with pytest.raises(PlotValueError, match=r"one number per epoch \(2\); 'a' has shape \(1,\)"):
        plot_curves([1, 2], {"a": [1]}, ax)
    assert not ax.has_data()
