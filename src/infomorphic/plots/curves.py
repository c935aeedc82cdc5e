"""Curves over epochs, such as accuracies and atoms."""

from __future__ import annotations  # jaxtyping cannot evaluate numpy's ArrayLike from numpy 2.5 on

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from infomorphic.plots.atom_values import PlotValueError
from infomorphic.plots.axes import as_written, axes_or_new, label_of
from infomorphic.plots.palette import SERIES


def plot_curves(
    epochs: Sequence[int],
    series: Mapping[str, Float[ArrayLike, " epochs"]],
    ax: Axes | None = None,
    *,
    ylabel: str | None = None,
    title: str | None = None,
) -> Axes:
    """Draw one line per series over the epochs, such as the accuracies of a run or the atoms of a neuron in bits.

    Args:
        epochs: epochs in ascending order.
        series: one number per epoch, by name of the series; NaN leaves a gap.
        ax: the axis to draw on; by default that of a new figure.
        ylabel: quantity and unit.
        title: title of the chart.

    Returns:
        The axis.

    Raises:
        PlotValueError: if a series does not have one number per epoch.
    """
    values = {name: np.asarray(numbers, dtype=float) for name, numbers in series.items()}
    for name, numbers in values.items():
        if numbers.shape != (len(epochs),):
            raise PlotValueError(f"`series` must have one number per epoch ({len(epochs)}); {name!r} has shape {numbers.shape}.")
    ax = axes_or_new(ax, (6.0, 3.8))
    for i, (name, numbers) in enumerate(values.items()):
        ax.plot(epochs, numbers, color=SERIES[i % len(SERIES)], linestyle=("-", "--", ":")[i // len(SERIES) % 3], label=label_of(name))
    ax.set_xlabel("epoch")
    if ylabel is not None:
        ax.set_ylabel(ylabel)
    if len(values) > 1:
        ax.legend(frameon=False, fontsize="small")
    if title is not None:
        ax.set_title(as_written(title))
    return ax
