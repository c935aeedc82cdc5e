"""The matrix of similarities between neurons."""

import numpy as np
import pytest

from infomorphic.plots import PlotValueError, plot_similarity


def test_similarity_in_the_order_that_is_asked_for(ax):
    matrix = np.array([[1, 0.5, -0.2], [0.5, 1, 0], [-0.2, 0, 1]])
    plot_similarity(matrix, ax, order=[2, 0, 1])
    assert ax.images[0].get_array()[0].tolist() == [1, -0.2, 0]
    assert ax.images[0].get_clim() == (-1, 1)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda ax: plot_similarity([[1, 2]], ax), r"must be square; got \(1, 2\)"),
        (lambda ax: plot_similarity(np.eye(2), ax, order=[0, 0]), "each of the 2 neurons once"),
    ],
)
def test_what_does_not_fit_is_refused(ax, draw, message):
    with pytest.raises(PlotValueError, match=message):
        draw(ax)
    assert not ax.has_data()
