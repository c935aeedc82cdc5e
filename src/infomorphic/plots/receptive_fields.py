"""Receptive fields: the weights of neurons, each as an image."""

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
"""Of an image's side, how much is left free between images."""
_TITLE = 0.24
"""Of an image's height, how much a title needs."""


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
    """Draw the weights of each neuron as an image, side by side: blue above zero, red below, white at zero.

    Every image has colours of its own, up to the largest magnitude of its weights, so that neurons with small weights show what
    they respond to as well; with `limit` all have the same. Also draws the images themselves, such as ±1 bars.

    Args:
        weights: one row a neuron.
        shape: (height, width) of an image.
        ax: where to draw; by default a new figure.
        columns: images side by side; by default about twice as many as below each other, at most ten.
        titles: a word above each image, such as the class of a readout neuron.
        limit: the weight of the strongest colours, of either sign.
        title: above all.

    Returns:
        The axis. Each image is one of its `images`.

    Raises:
        PlotValueError: if the weights are no such images or not finite, or `columns`, `titles` or `limit` do not fit.
    """
    fields = np.asarray(weights, dtype=float)
    height, width = shape
    if fields.ndim != 2 or not len(fields) or fields.shape[1] != height * width:
        raise PlotValueError(
            f"`weights` must have one row of {height} × {width} values a neuron; got {fields.shape}. Say the shape of a row."
        )
    if not np.isfinite(fields).all():
        raise PlotValueError("`weights` must be finite; neuron {} has one that is not.".format(*np.argwhere(~np.isfinite(fields))[0]))
    if titles is not None and len(titles) != len(fields):
        raise PlotValueError(f"`titles` must have one for each of the {len(fields)} neurons; got {len(titles)}.")
    if limit is not None and not limit > 0:
        raise PlotValueError(f"`limit` must be positive; got {limit}. The colours run from -limit to +limit.")
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
