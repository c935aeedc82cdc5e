"""Figures of one moment of a training or a recall, as frames of an animation."""

from __future__ import annotations  # jaxtyping cannot evaluate numpy's ArrayLike from numpy 2.5 on

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from infomorphic.plots.axes import as_written
from infomorphic.plots.bits import plot_bits
from infomorphic.plots.classes import plot_class_responses
from infomorphic.plots.curves import plot_curves
from infomorphic.plots.receptive_fields import plot_receptive_fields


class Curves(NamedTuple):
    """Lines over the epochs. A frame shows them up to its epoch."""

    epochs: Sequence[int]
    series: Mapping[str, Float[np.ndarray, " epochs"]]
    ylabel: str


def fields_figure(fields: Float[np.ndarray, "neurons pixels"], shape: tuple[int, int], epoch: int, title: str, curves: Curves) -> Figure:
    """The receptive fields of a layer after an epoch, and a curve up to it."""
    columns = min(len(fields), 8 if len(fields) <= 16 else min(15, math.ceil(math.sqrt(3 * len(fields)))))
    rows = -(-len(fields) // columns)
    tall = 7.2 / columns * rows * shape[0] / shape[1]
    figure = Figure(figsize=(7.2, min(tall, 6.0) + 2.2), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=[min(tall, 6.0), 1.6])
    plot_receptive_fields(fields, shape, above, columns=columns, title=f"{title}, epoch {epoch}")
    _curves_until(below, epoch, curves)
    return figure


def neuron_figure(
    field: Float[np.ndarray, " pixels"],
    shape: tuple[int, int],
    epoch: int,
    title: str,
    curves: Curves,
    responses: Float[np.ndarray, " classes"] | None = None,
) -> Figure:
    """A neuron after an epoch: its receptive field, its response to each class where there are classes, and its atoms up to the epoch."""
    figure = Figure(figsize=(7.2, 5.0), layout="constrained")
    figure.suptitle(as_written(f"{title}, epoch {epoch}"))
    axes = figure.subplot_mosaic("FR;CC" if responses is not None else ".F.;CCC", height_ratios=[1.2, 1])
    plot_receptive_fields(field[None], shape, axes["F"])
    if responses is not None:
        plot_class_responses(responses, [str(c) for c in range(len(responses))], axes["R"])
    _curves_until(axes["C"], epoch, curves)
    return figure


def recall_figure(
    state: Float[ArrayLike, " bits"],
    wrong: Bool[ArrayLike, " bits"],
    pattern: Float[ArrayLike, " bits"],
    width: int,
    titles: tuple[str, str],
) -> Figure:
    """A state on the way from a cue, with wrong bits in red, beside the pattern."""
    figure = Figure(figsize=(6.0, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    plot_bits(state, width, left, marked=wrong, title=titles[0])
    plot_bits(pattern, width, right, title=titles[1])
    return figure


def _curves_until(ax: Axes, epoch: int, curves: Curves) -> None:
    """The curves up to an epoch, on an axis that has room for all of them."""
    past = [i for i, e in enumerate(curves.epochs) if e <= epoch]
    shown = {name: values[past] for name, values in curves.series.items()}
    plot_curves([curves.epochs[i] for i in past], shown, ylabel=curves.ylabel, ax=ax)
    for line in ax.get_lines():
        for x, y in np.asarray(line.get_xydata())[-1:]:
            ax.plot(x, y, "o", color=line.get_color(), markersize=4)
    everything = np.concatenate([*curves.series.values()] or [np.zeros(1)])
    low, high = (float(f(everything)) for f in (np.nanmin, np.nanmax)) if np.isfinite(everything).any() else (0.0, 1.0)
    margin = 0.05 * (high - low) or 0.05
    ax.set(xlim=(0, 1.02 * max(curves.epochs, default=1)), ylim=(low - margin, high + margin))
    ax.spines[["top", "right"]].set_visible(False)
    if (legend := ax.get_legend()) is not None:
        legend.set_loc("center left")
        legend.set_bbox_to_anchor((1.0, 0.5))
