"""Plots with one row for each term of a goal."""

import pytest

from infomorphic.plots.terms import plot_runs_by_term, plot_weights


def test_runs_of_terms(ax):
    plot_runs_by_term({"": {"{F}": [0.1, 0.3, 0.2], "{C}": [0.5]}}, ax, reference=0.4, published={"{C}": 0.45, "{L}": 1.0})
    dots = [line for line in ax.get_lines() if line.get_marker() == "o"]
    assert [list(d.get_xdata()) for d in dots] == [[0.1, 0.3, 0.2], [0.5]]
    medians = [
        line.get_xdata()[0] for line in ax.get_lines() if line.get_marker() == "None" and line.get_xdata()[0] == line.get_xdata()[-1]
    ]
    assert medians[:2] == pytest.approx([0.2, 0.5])
    assert ax.get_legend_handles_labels()[1] == ["published", "unchanged goal"]
    (diamonds,) = [line for line in ax.get_lines() if line.get_marker() == "D"]
    assert (list(diamonds.get_xdata()), list(diamonds.get_ydata())) == ([0.45], [1])
    assert [t.get_text() for t in ax.get_yticklabels()] == ["{F}", "{C}"]


def test_weights(ax):
    plot_weights({"{F}": -0.5, "{C}": 0.25}, ax, x_label="weight")
    assert [bar.get_width() for bar in ax.patches] == [-0.5, 0.25]
    assert len({bar.get_facecolor() for bar in ax.patches}) == 2
