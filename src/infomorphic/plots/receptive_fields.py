"""Receptive fields: the weights of each neuron as an image."""

from __future__ import annotations  # jaxtyping cannot evaluate numpy's ArrayLike from numpy 2.5 on

import math
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from infomorphic.plots.atom_values import PlotValueError
from infomorphic.plots.axes import as_written, axes_or_new, foreground
from infomorphic.plots.palette import DIVERGING

_GAP = 0.12
"""Gap between images, as a fraction of an image's side."""
_TITLE = 0.24
"""Height of an image's title, as a fraction of the image's height."""


def plot_receptive_fields(
    weights: Float[ArrayLike, "neurons pixels"],
    shape: tuple[int, int],
    ax: Axes | None = None,
    *,
    columns: int | None = None,
    titles: Sequence[str] | None = None,
    limit: float | None = None,
    title: str | None = None,
) -> Axes:
    """Draw the weights of each neuron as an image, in a grid: blue above zero, red below, white at zero.

    By default, each image has its own color scale, up to the largest magnitude of its weights, so that neurons with small weights are
    visible too. With `limit`, all images share one scale. The function can also draw input images, such as ±1 bars.

    Args:
        weights: one row per neuron.
        shape: (height, width) of an image.
        ax: the axis to draw on; by default that of a new figure.
        columns: number of images per row; by default about twice the number of rows, at most ten.
        titles: a short title per image, such as the class of a readout neuron.
        limit: the magnitude of the strongest colors.
        title: title of the figure.

    Returns:
        The axis. Its `images` are the images of the neurons.

    Raises:
        PlotValueError: if the weights do not match `shape` or are not finite, or `columns`, `titles` or `limit` is invalid.
    """
    fields = np.asarray(weights, dtype=float)
    height, width = shape
    if fields.ndim != 2 or not len(fields) or fields.shape[1] != height * width:
        raise PlotValueError(
            f"`weights` must have one row of {height} × {width} values per neuron; got {fields.shape}. Pass the shape of a row as `shape`."
        )
    if not np.isfinite(fields).all():
        raise PlotValueError("`weights` must be finite; neuron {} has a weight that is not.".format(*np.argwhere(~np.isfinite(fields))[0]))
    if titles is not None and len(titles) != len(fields):
        raise PlotValueError(f"`titles` must have one title per neuron ({len(fields)}); got {len(titles)}.")
    if limit is not None and not limit > 0:
        raise PlotValueError(f"`limit` must be positive; got {limit}. The colors range from -limit to +limit.")
    if columns is None:
        columns = min(10, math.ceil(math.sqrt(2 * len(fields))))
    if columns < 1:
        raise PlotValueError(f"`columns` must be at least 1; got {columns}.")
    columns = min(columns, len(fields))
    rows = -(-len(fields) // columns)
    gap = _GAP * max(height, width)
    step_x, step_y = width + gap, height + gap + (_TITLE * height if titles is not None else 0.0)

    inches = min(1.0, 8.0 / columns)
    ax = axes_or_new(ax, (columns * inches, rows * inches * step_y / step_x + (0.35 if title is not None else 0.0)))
    ink = foreground()
    for i, field in enumerate(fields):
        left, top = (i % columns) * step_x, (i // columns) * step_y
        strongest = limit or float(np.abs(field).max()) or 1.0
        image = ax.imshow(
            field.reshape(height, width),
            cmap=DIVERGING,
            vmin=-strongest,
            vmax=strongest,
            extent=(left, left + width, top + height, top),
            interpolation="nearest",
        )
        image.set_clip_on(False)
        ax.plot(*_frame(left, top, width, height), color=ink, linewidth=0.6, clip_on=False)
        if titles is not None:
            ax.text(left + width / 2, top - 0.04 * height, as_written(titles[i]), ha="center", va="bottom", fontsize="small")
    ax.set(xlim=(0, columns * step_x - gap), ylim=(rows * step_y - gap, (step_y - gap - height) * -1.0), xticks=[], yticks=[])
    ax.set_aspect("equal")
    ax.set_frame_on(False)
    if title is not None:
        ax.set_title(as_written(title))
    return ax


def _frame(left: float, top: float, width: float, height: float) -> tuple[list[float], list[float]]:
    right, bottom = left + width, top + height
    return [left, right, right, left, left], [top, top, bottom, bottom, top]
