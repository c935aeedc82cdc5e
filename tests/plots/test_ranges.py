"""Lines with bands, beside published ones."""

from infomorphic.plots.ranges import Ranges, plot_ranges

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
