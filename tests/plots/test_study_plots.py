"""Plots of studies: what is drawn is what was given."""

import numpy as np
import pytest

from infomorphic.plots.figures import new_figure, save_figure
from infomorphic.plots.ranges import Ranges, plot_ranges
from infomorphic.plots.terms import plot_runs_by_term, plot_weights

OURS = {"a": Ranges([10, 100], [0.5, 0.1], [0.4, 0.05], [0.6, 0.2]), "b": Ranges([1], [0.3])}


def test_lines_bands_and_published_points(ax):
    plot_ranges(OURS, ax, published={"a": Ranges([10, 100], [0.45, 0.11], [0.4, 0.1], [0.5, 0.12])}, log_x=True, log_y=True, x_label="x")
    lines = {line.get_label(): line for line in ax.get_lines() if not line.get_label().startswith("_")}
    assert lines["a"].get_ydata().tolist() == [0.5, 0.1]
    assert {"a", "b"} <= set(lines)
    assert lines["b"].get_marker() != "None"
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["a", "b", "published"]
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_xlabel()) == ("log", "log", "x")
    assert [t.get_text() for t in ax.get_xticklabels()] == ["1", "10", "100"]


def test_values_that_span_little_are_not_logarithmic(ax):
    plot_ranges({"a": Ranges([1, 2], [0.5, 0.6])}, ax, log_y=True)
    assert ax.get_yscale() == "linear"


def test_colors_belong_to_names(ax):
    plot_ranges({"b": OURS["b"]}, ax, published={"b": Ranges([1], [0.2])})
    colors = {line.get_color() for line in ax.get_lines() if len(line.get_xdata())}
    assert len(colors) == 1


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


def test_files(tmp_path):
    written = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        figure, axes = new_figure(2, 1)
        assert len(axes) == 2
        axes[0].plot(np.arange(3))
        written.append([p.read_bytes() for p in save_figure(figure, folder, "f")])
    assert written[0] == written[1]
    assert sorted(p.name for p in (tmp_path / "a").iterdir()) == ["f.png", "f.svg"]
