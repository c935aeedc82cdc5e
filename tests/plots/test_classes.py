"""Plots over classes: confusion, a neuron's responses, the coverage of classes by neurons."""

import pytest
from matplotlib.colors import to_hex

from infomorphic.plots import PlotValueError, plot_class_coverage, plot_class_responses, plot_confusion
from infomorphic.plots.palette import NEGATIVE, POSITIVE, RESIDUAL


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


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda ax: plot_confusion([[1, 2]], "ab", ax), r"one row and one column per class \(2\); got \(1, 2\)"),
        (lambda ax: plot_class_responses([1], "ab", ax), r"one value per class \(2\); got \(1,\)"),
        (lambda ax: plot_class_coverage([1], [1, 2], "ab", ax), r"one number per class \(2\); got 1 and 2"),
    ],
)
def test_what_does_not_fit_is_refused(ax, draw, message):
    with pytest.raises(PlotValueError, match=message):
        draw(ax)
    assert not ax.has_data()
