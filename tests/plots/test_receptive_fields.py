"""Weights as images."""

import numpy as np
import pytest

from infomorphic.plots import PlotValueError, plot_receptive_fields
from shape_checking import wrong_on_purpose


def test_one_image_a_neuron_row_by_row(ax):
    weights = np.arange(36.0).reshape(6, 6)
    assert plot_receptive_fields(weights, (2, 3), ax, columns=4) is ax
    assert [image.get_array().tolist() for image in ax.images] == weights.reshape(6, 2, 3).tolist()
    places = [image.get_extent() for image in ax.images]
    assert len({left for left, *_ in places}) == 4
    assert places[4][0] == places[0][0], "the fifth starts the second row"
    assert places[4][3] > places[0][2], "which lies below the first: the axis points down"
    assert ax.yaxis_inverted()


def test_images_do_not_overlap(ax):
    plot_receptive_fields(np.ones((12, 4)), (2, 2), ax, titles=[str(i) for i in range(12)])
    boxes = [image.get_extent() for image in ax.images]
    for i, (left, right, bottom, top) in enumerate(boxes):
        assert (right - left, bottom - top) == pytest.approx((2, 2))
        assert all(right < a or b < left or bottom < d or c < top for a, b, c, d in boxes[:i])


def test_each_image_has_its_own_colors_unless_told(ax):
    weights = np.array([[1.0, -4.0], [0.5, 0.25], [0.0, 0.0]])
    plot_receptive_fields(weights, (1, 2), ax)
    assert [image.get_clim() for image in ax.images] == [(-4, 4), (-0.5, 0.5), (-1, 1)]
    ax.clear()
    plot_receptive_fields(weights, (1, 2), ax, limit=2.0)
    assert [image.get_clim() for image in ax.images] == [(-2, 2)] * 3


def test_titles_are_above_their_images(ax):
    plot_receptive_fields(np.ones((3, 4)), (2, 2), ax, columns=2, titles=["a", "b", "c"], title="All")
    assert [text.get_text() for text in ax.texts] == ["a", "b", "c"]
    assert ax.get_title() == "All"
    for text, image in zip(ax.texts, ax.images, strict=True):
        left, right, _, top = image.get_extent()
        assert left < text.get_position()[0] < right
        assert text.get_position()[1] < top


def test_a_new_figure_is_made_where_there_is_no_axis():
    assert len(plot_receptive_fields(np.ones((3, 64)), (8, 8)).images) == 3


@wrong_on_purpose
@pytest.mark.parametrize(
    ("weights", "options", "message"),
    [
        (np.ones((2, 5)), {}, r"one row of 2 × 2 values per neuron; got \(2, 5\)"),
        (np.ones(4), {}, r"got \(4,\)"),
        (np.ones((0, 4)), {}, r"got \(0, 4\)"),
        ([[1, 2, 3, np.nan]], {}, "neuron 0 has a weight that is not"),
        (np.ones((2, 4)), {"titles": ["a"]}, r"one title per neuron \(2\); got 1"),
        (np.ones((2, 4)), {"limit": 0.0}, "`limit` must be positive; got 0.0"),
        (np.ones((2, 4)), {"columns": 0}, "`columns` must be at least 1; got 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(ax, weights, options, message):
    with pytest.raises(PlotValueError, match=message):
        plot_receptive_fields(weights, (2, 2), ax, **options)
    assert not ax.images
