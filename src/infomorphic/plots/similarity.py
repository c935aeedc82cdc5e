"""Similarity of the neurons of a layer."""

from __future__ import annotations  # jaxtyping cannot evaluate numpy's ArrayLike from numpy 2.5 on

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from infomorphic.plots.atom_values import PlotValueError
from infomorphic.plots.axes import as_written, axes_or_new
from infomorphic.plots.palette import DIVERGING


def plot_similarity(
    correlation: Float[ArrayLike, "neurons neurons"],
    ax: Axes | None = None,
    *,
    order: Sequence[int] | None = None,
    title: str | None = None,
) -> Axes:
    """Draw the correlation of every pair of neurons: blue above zero, red below.

    Args:
        correlation: correlation matrix, values from −1 to 1.
        ax: the axis to draw on; by default that of a new figure.
        order: the order of the neurons, such as that of `infomorphic.analysis.similarity.order_by_similarity`.
        title: title of the picture.

    Raises:
        PlotValueError: if the matrix is not square, or `order` does not name each neuron once.
    """
    matrix = np.asarray(correlation, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise PlotValueError(f"`correlation` must be square; got {matrix.shape}.")
    shown = np.arange(len(matrix)) if order is None else np.asarray(order)
    if sorted(shown.tolist()) != list(range(len(matrix))):
        raise PlotValueError(f"`order` must name each of the {len(matrix)} neurons once; got {len(shown)} numbers.")
    ax = axes_or_new(ax, (5.2, 4.6))
    image = ax.imshow(matrix[np.ix_(shown, shown)], cmap=DIVERGING, vmin=-1, vmax=1, interpolation="nearest")
    ax.figure.colorbar(image, ax=ax, shrink=0.8).set_label("correlation")
    ax.set(xlabel="neurons", ylabel="neurons", xticks=[], yticks=[], title=title and as_written(title))
    return ax
