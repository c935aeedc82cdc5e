"""States of ±1 as dark and light pixels."""

from __future__ import annotations  # jaxtyping cannot evaluate numpy's ArrayLike from numpy 2.5 on

import numpy as np
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from numpy.typing import ArrayLike

from infomorphic.plots.atom_values import PlotValueError
from infomorphic.plots.axes import as_written, axes_or_new, blank
from infomorphic.plots.palette import BITS


def plot_bits(
    bits: Float[ArrayLike, " bits"],
    width: int,
    ax: Axes | None = None,
    *,
    marked: Bool[ArrayLike, " bits"] | None = None,
    title: str | None = None,
) -> Axes:
    """Draw a state, such as a pattern of a memory, in rows of `width` bits: dark for +1, light for −1, red where a bit is marked.

    Args:
        bits: values ±1.
        width: bits per row; the last row may be shorter.
        ax: the axis to draw on; by default that of a new figure.
        marked: which bits stand out, such as wrong ones.
        title: title of the picture.

    Returns:
        The axis.

    Raises:
        PlotValueError: if there are no bits, `width` is not positive, or `marked` has another shape.
    """
    values = np.asarray(bits, dtype=float)
    stands_out = np.zeros(values.shape, dtype=bool) if marked is None else np.asarray(marked)
    if values.ndim != 1 or not len(values):
        raise PlotValueError(f"`bits` must be a row of at least one bit; got shape {values.shape}.")
    if width < 1:
        raise PlotValueError(f"`width` must be at least 1; got {width}.")
    if stands_out.shape != values.shape:
        raise PlotValueError(f"`marked` must have one value per bit ({len(values)}); got shape {stands_out.shape}.")
    height = -(-len(values) // width)
    ax = axes_or_new(ax, (0.4 * width, 0.4 * height))
    colors = np.ones((height * width, 3))
    colors[: len(values)] = np.array([to_rgb(color) for color in BITS])[(values > 0) + 2 * stands_out]
    ax.imshow(colors.reshape(height, width, 3), interpolation="nearest", extent=(0, width, height, 0))
    blank(ax, (0, width), (height, 0))
    if title is not None:
        ax.set_title(as_written(title))
    return ax
