"""One row per term of a goal: values of several runs as dots with their median, or signed bars of weights."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from infomorphic.plots.axes import as_written, axes_or_new, foreground, label_of
from infomorphic.plots.palette import NEGATIVE, POSITIVE, SERIES


def plot_runs_by_term(
    runs: Mapping[str, Mapping[str, Sequence[float]]],
    ax: Axes | None = None,
    *,
    reference: float | None = None,
    published: Mapping[str, float] | None = None,
    x_label: str = "",
    title: str | None = None,
) -> Axes:
    """Draw one row per term, with the runs of each series as dots and their median as a vertical bar.

    Args:
        runs: for each series (such as a kind of change), the values of its runs by term. Terms are in the order of the first series.
        ax: the axis to draw on; by default that of a new figure.
        reference: a value to mark across all rows, such as that of the unchanged goal.
        published: published medians by term, drawn as hollow diamonds.
        x_label: label of the horizontal axis.
        title: title of the chart.

    Returns:
        The axis.
    """
    terms = list(dict.fromkeys(term for series in runs.values() for term in series))
    ax = axes_or_new(ax, (6.4, 1.0 + 0.28 * len(terms)))
    step = 0.7 / max(1, len(runs))
    for i, (name, series) in enumerate(runs.items()):
        color = SERIES[i % len(SERIES)]
        offset = (i - (len(runs) - 1) / 2) * step
        for row, term in enumerate(terms):
            values = series.get(term, ())
            if not len(values):
                continue
            ax.plot(
                values,
                [row + offset] * len(values),
                "o",
                color=color,
                markersize=2.5,
                alpha=0.5,
                label=label_of(name) if row == 0 and name else None,
            )
            ax.plot([float(np.median(values))] * 2, [row + offset - step / 2.2, row + offset + step / 2.2], color=color, linewidth=2.2)
    if published:
        rows = [r for r, term in enumerate(terms) if term in published]
        ax.plot([published[terms[r]] for r in rows], rows, "D", color=foreground(), markerfacecolor="none", markersize=5, label="published")
    if reference is not None:
        ax.axvline(reference, color=foreground(), linewidth=0.8, linestyle=":", label="unchanged goal")
    ax.set_yticks(range(len(terms)), [as_written(term) for term in terms])
    ax.set_ylim(len(terms) - 0.4, -0.6)
    ax.set_xlabel(x_label)
    ax.grid(axis="x", alpha=0.25, linewidth=0.6)
    labels = ax.get_legend_handles_labels()[1]
    if labels:
        # Above the rows, because dots may be anywhere between them.
        ax.legend(frameon=False, fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(labels))
    if title is not None:
        ax.set_title(as_written(title), pad=20 if labels else None)
    return ax


def plot_weights(weights: Mapping[str, float], ax: Axes | None = None, *, x_label: str, title: str | None = None) -> Axes:
    """Draw one bar per term, blue above zero and red below, from top to bottom in the given order.

    Args:
        weights: weights by term.
        ax: the axis to draw on; by default that of a new figure.
        x_label: label of the horizontal axis.
        title: title of the chart.

    Returns:
        The axis.
    """
    ax = axes_or_new(ax, (5.0, 1.0 + 0.26 * len(weights)))
    values = list(weights.values())
    ax.barh(range(len(values)), values, height=0.8, color=[POSITIVE if v >= 0 else NEGATIVE for v in values])
    ax.axvline(0.0, color=foreground(), linewidth=0.8)
    ax.set_yticks(range(len(values)), [as_written(term) for term in weights])
    ax.set_ylim(len(values) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(x_label)
    ax.locator_params(axis="x", nbins=5)
    ax.grid(axis="x", alpha=0.25, linewidth=0.6)
    if title is not None:
        ax.set_title(as_written(title))
    return ax
