"""Plots about classes: confusion matrix, responses of a neuron, and number of neurons that distinguish each class."""

from __future__ import annotations  # jaxtyping cannot evaluate numpy's ArrayLike from numpy 2.5 on

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Integer
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from numpy.typing import ArrayLike

from infomorphic.plots.atom_values import PlotValueError
from infomorphic.plots.axes import as_written, axes_or_new, foreground
from infomorphic.plots.palette import NEGATIVE, POSITIVE, RESIDUAL, SERIES

_MOST_WRITTEN = 20


def plot_confusion(
    confusion: Integer[ArrayLike, "classes classes"], class_names: Sequence[str], ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw how often each label (row) was predicted as each class (column). Only mistakes are colored, by their share of the row.

    Args:
        confusion: counts.
        class_names: names of labels 0, 1, ….
        ax: the axis to draw on; by default that of a new figure.
        title: title of the chart.

    Raises:
        PlotValueError: if `confusion` is not square or does not have one row per class.
    """
    counts = np.asarray(confusion)
    classes = len(class_names)
    if counts.shape != (classes, classes):
        raise PlotValueError(f"`confusion` must have one row and one column per class ({classes}); got {counts.shape}.")
    share = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    np.fill_diagonal(share, 0.0)
    ax = axes_or_new(ax, (5.4, 5.0))
    image = ax.imshow(share, cmap=LinearSegmentedColormap.from_list("mistakes", ["#ffffff", NEGATIVE]), vmin=0.0)
    image.set_clim(0.0, float(share.max()) or 1.0)
    if classes <= _MOST_WRITTEN:
        for row, column in np.ndindex(*counts.shape):
            if counts[row, column]:
                ax.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize="small", color="black")
    _name_classes(ax, class_names)
    ax.set_yticks(range(classes), [as_written(name) for name in class_names])
    ax.set(xlabel="predicted", ylabel="label", title=title and as_written(title))
    return ax


def plot_class_responses(
    firing_prob: Float[ArrayLike, " classes"],
    class_names: Sequence[str],
    ax: Axes | None = None,
    *,
    preferred: Sequence[int] = (),
    avoided: Sequence[int] = (),
    title: str | None = None,
) -> Axes:
    """Draw the mean firing probability of a neuron by class: preferred classes blue, avoided ones red.

    Args:
        firing_prob: mean firing probability per class, from 0 to 1.
        class_names: names of labels 0, 1, ….
        ax: the axis to draw on; by default that of a new figure.
        preferred: labels of the preferred classes.
        avoided: labels of the avoided classes.
        title: title of the chart.

    Raises:
        PlotValueError: if there is not one probability per class.
    """
    heights = np.asarray(firing_prob, dtype=float)
    if heights.shape != (len(class_names),):
        raise PlotValueError(f"`firing_prob` must have one value per class ({len(class_names)}); got {heights.shape}.")
    ax = axes_or_new(ax, (5.0, 3.0))
    colors = [POSITIVE if c in preferred else NEGATIVE if c in avoided else RESIDUAL for c in range(len(heights))]
    ax.bar(range(len(heights)), heights, color=colors)
    _name_classes(ax, class_names)
    ax.set(ylim=(0, 1), xlabel="class", ylabel="probability of firing", title=title and as_written(title))
    return ax


def plot_class_coverage(
    by_firing: Sequence[int], by_silence: Sequence[int], class_names: Sequence[str], ax: Axes | None = None, *, title: str | None = None
) -> Axes:
    """Draw how many neurons distinguish each class from the others, by firing and by silence.

    Args:
        by_firing: number of neurons per class.
        by_silence: number of neurons per class.
        class_names: names of labels 0, 1, ….
        ax: the axis to draw on; by default that of a new figure.
        title: title of the chart.

    Raises:
        PlotValueError: if there is not one number per class.
    """
    if not len(by_firing) == len(by_silence) == len(class_names):
        raise PlotValueError(
            f"`by_firing` and `by_silence` must have one number per class ({len(class_names)}); got {len(by_firing)} and {len(by_silence)}."
        )
    ax = axes_or_new(ax, (5.0, 3.0))
    places = range(len(class_names))
    ax.bar(places, by_firing, color=SERIES[0], label="by firing")
    ax.bar(places, by_silence, bottom=by_firing, color=SERIES[1], label="by silence")
    _name_classes(ax, class_names)
    ax.set(xlabel="class", ylabel="neurons", title=title and as_written(title))
    ax.legend(frameon=False, fontsize="small", labelcolor=foreground())
    return ax


def _name_classes(ax: Axes, class_names: Sequence[str]) -> None:
    long = max(len(name) for name in class_names) > 3
    ax.set_xticks(
        range(len(class_names)), [as_written(name) for name in class_names], rotation=60 if long else 0, ha="right" if long else "center"
    )
