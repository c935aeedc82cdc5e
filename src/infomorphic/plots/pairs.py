"""The information of every source about every target, as a matrix."""

from __future__ import annotations  # jaxtyping cannot evaluate numpy's ArrayLike from numpy 2.5 on

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from infomorphic.plots.atom_values import PlotValueError
from infomorphic.plots.axes import as_written, axes_or_new, color_bar
from infomorphic.plots.decomposition import check_format
from infomorphic.plots.figures import new_figure, save_picture
from infomorphic.plots.palette import DIVERGING, value_scale

_MOST_NAMES = 60
_INCHES_PER_NAME = 0.22


def plot_pairs(
    matrix: Float[ArrayLike, "targets sources"] | Any,
    ax: Axes | None = None,
    *,
    targets: Sequence[str] | None = None,
    sources: Sequence[str] | None = None,
    limit: float | None = None,
    label: str = "information (bits)",
    title: str | None = None,
) -> Axes:
    """Draw one value per target and source: blue above zero, red below. A cell without a value shows the background.

    Args:
        matrix: values in bits, one row per target, such as the frame of `infomorphic.recordings.Pairs.matrix`. NaN where there is none.
        ax: the axis to draw on; by default that of a new figure.
        targets: names of the rows; by default those of a frame.
        sources: names of the columns; by default those of a frame.
        limit: the magnitude with the strongest colors; by default the largest.
        label: what the values are, for the color bar.
        title: title of the picture.

    Raises:
        PlotValueError: if the matrix has not two axes or no finite value, or the names do not match it.
    """
    values = np.asarray(matrix, dtype=float)
    if values.ndim != 2 or not np.isfinite(values).any():
        raise PlotValueError(f"`matrix` must have one row per target, one column per source and a finite value; got shape {values.shape}.")
    rows = [str(name) for name in (getattr(matrix, "index", range(len(values))) if targets is None else targets)]
    columns = [str(name) for name in (getattr(matrix, "columns", range(values.shape[1])) if sources is None else sources)]
    if (len(rows), len(columns)) != values.shape:
        raise PlotValueError(
            f"`matrix` must have one row per target and one column per source; got {values.shape} for {len(rows)} targets and {len(columns)} sources."
        )
    ax = axes_or_new(ax, (max(5.2, _INCHES_PER_NAME * len(columns) + 2), max(4.4, _INCHES_PER_NAME * len(rows) + 1)))
    scale = value_scale(values[np.isfinite(values)], limit)
    ax.imshow(np.ma.masked_invalid(values), cmap=DIVERGING, vmin=-scale.limit, vmax=scale.limit, interpolation="nearest")
    color_bar(ax, scale, label)
    # More names than this would overlap; then every second, third, … is shown.
    for axis, names in ((ax.xaxis, columns), (ax.yaxis, rows)):
        shown = range(0, len(names), -(-len(names) // _MOST_NAMES))
        axis.set_ticks(list(shown), [as_written(names[i]) for i in shown], fontsize=8)
    ax.tick_params(axis="x", rotation=90)
    ax.set(xlabel="source", ylabel="target")
    if title is not None:
        ax.set_title(as_written(title))
    return ax


def save_pairs(matrix: Any, path: Path, *, label: str, title: str | None = None) -> None:
    """Save the picture of a frame of targets and sources.

    Args:
        matrix: the frame of `infomorphic.recordings.Pairs.matrix`.
        path: a PNG, SVG or PDF file; an existing file is replaced.
        label: what the values are.
        title: title of the picture.

    Raises:
        PlotValueError: if the format is not supported.
    """
    check_format(path)
    rows, columns = matrix.shape
    figure, (ax,) = new_figure(width=max(5.6, _INCHES_PER_NAME * columns + 2), height=max(4.4, _INCHES_PER_NAME * rows + 1.4))
    plot_pairs(matrix, ax, label=label, title=title)
    save_picture(figure, path, dpi=150)
