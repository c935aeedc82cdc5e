"""The pictures of a report as plain functions: curves, classes, similar neurons."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from infomorphic.plots import PlotValueError, plot_class_coverage, plot_class_responses, plot_confusion, plot_curves, plot_similarity
from infomorphic.plots.palette import NEGATIVE, POSITIVE, RESIDUAL


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


def test_confusion_colors_mistakes_alone_and_writes_counts(ax):
    plot_confusion([[8, 2], [0, 5]], ["cat", "dog"], ax)
    assert ax.images[0].get_array().tolist() == [[0, 0.2], [0, 0]]
    assert sorted(t.get_text() for t in ax.texts) == ["2", "5", "8"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["cat", "dog"]


def test_responses_are_colored_by_what_a_neuron_codes(ax):
    plot_class_responses([0.9, 0.5, 0.1], "abc", ax, preferred=[0], avoided=[2])
    assert [bar.get_height() for bar in ax.patches] == [0.9, 0.5, 0.1]
    assert [to_hex(bar.get_facecolor()) for bar in ax.patches] == [POSITIVE, RESIDUAL, NEGATIVE]
    assert ax.get_ylim() == (0, 1)


def test_coverage_is_stacked(ax):
    plot_class_coverage([3, 0], [1, 4], "ab", ax)
    assert [(bar.get_y(), bar.get_height()) for bar in ax.patches] == [(0, 3), (0, 0), (3, 1), (0, 4)]


def test_similarity_in_the_order_that_is_asked_for(ax):
    matrix = np.array([[1, 0.5, -0.2], [0.5, 1, 0], [-0.2, 0, 1]])
    plot_similarity(matrix, ax, order=[2, 0, 1])
    assert ax.images[0].get_array()[0].tolist() == [1, -0.2, 0]
    assert ax.images[0].get_clim() == (-1, 1)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda ax: plot_curves([1, 2], {"a": [1]}, ax), r"one number per epoch \(2\); 'a' has shape \(1,\)"),
        (lambda ax: plot_confusion([[1, 2]], "ab", ax), r"one row and one column per class \(2\); got \(1, 2\)"),
        (lambda ax: plot_class_responses([1], "ab", ax), r"one value per class \(2\); got \(1,\)"),
        (lambda ax: plot_class_coverage([1], [1, 2], "ab", ax), r"one number per class \(2\); got 1 and 2"),
        (lambda ax: plot_similarity([[1, 2]], ax), r"must be square; got \(1, 2\)"),
        (lambda ax: plot_similarity(np.eye(2), ax, order=[0, 0]), "each of the 2 neurons once"),
    ],
)
def test_what_does_not_fit_is_refused(ax, draw, message):
    with pytest.raises(PlotValueError, match=message):
        draw(ax)
    assert not ax.has_data()
