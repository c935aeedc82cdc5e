"""Medians with their ranges along a numeric axis, with published values for comparison."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullLocator

from infomorphic.plots.axes import as_written, axes_or_new, foreground, label_of
from infomorphic.plots.palette import SERIES

_MARKERS = "os^Dvp*hXP<>"


class Ranges(NamedTuple):
    """Median, smallest and largest value at each position; low and high may be empty."""

    place: Sequence[float]
    median: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def plot_ranges(
    ours: Mapping[str, Ranges],
    ax: Axes | None = None,
    *,
    published: Mapping[str, Ranges] | None = None,
    x_label: str = "",
    y_label: str = "",
    log_x: bool = False,
    log_y: bool = False,
    markers: bool = True,
    legend: bool = True,
    title: str | None = None,
) -> Axes:
    """Draw one line per name, with a band from low to high. Published medians are dashed, with bars, in the same color.

    Args:
        ours: measured values, by name.
        ax: the axis to draw on; by default that of a new figure.
        published: values for comparison, by the same names.
        x_label: label of the horizontal axis.
        y_label: label of the vertical axis.
        log_x: whether the horizontal axis is logarithmic.
        log_y: whether the vertical axis is logarithmic, if the values span enough.
        markers: whether to draw a marker at every median.
        legend: whether to add a legend.
        title: title of the chart.

    Returns:
        The axis.
    """
    ax = axes_or_new(ax, (6.4, 4.8))
    published = published or {}
    for i, name in enumerate(dict.fromkeys([*ours, *published])):
        color, marker = SERIES[i % len(SERIES)], _MARKERS[i % len(_MARKERS)]
        if name in ours:
            r = ours[name]
            lone = len(r.place) == 1
            ax.plot(
                r.place,
                r.median,
                color=color,
                marker=marker if markers or lone else None,
                markersize=4,
                linewidth=1.6,
                label=label_of(name),
            )
            if len(r.low):
                ax.fill_between(r.place, r.low, r.high, color=color, alpha=0.2, linewidth=0)
        if name in published:
            r = published[name]
            bars = None
            if len(r.low):
                bars = [[m - a for m, a in zip(r.median, r.low, strict=True)], [b - m for m, b in zip(r.median, r.high, strict=True)]]
            ax.errorbar(
                r.place,
                r.median,
                yerr=bars,
                color=color,
                linestyle="--",
                linewidth=0.9,
                marker=marker,
                markersize=5,
                markerfacecolor="none",
                elinewidth=0.7,
                capsize=2,
            )
    if log_x:
        ax.set_xscale("log")
        _name_ticks(ax.xaxis, [p for r in (*ours.values(), *published.values()) for p in r.place])
    if log_y:
        _name_ticks_if_logarithmic(ax, [v for r in (*ours.values(), *published.values()) for v in (*r.median, *r.low, *r.high)])
    ax.set(xlabel=x_label, ylabel=y_label)
    ax.grid(alpha=0.25, linewidth=0.6)
    if legend:
        handles, labels = ax.get_legend_handles_labels()
        if published:
            handles.append(
                Line2D([], [], color=foreground(), linestyle="--", linewidth=0.9, marker="o", markersize=5, markerfacecolor="none")
            )
            labels.append("published")
        ax.legend(handles, labels, frameon=False, fontsize=7)
    if title is not None:
        ax.set_title(as_written(title))
    return ax


def _name_ticks(axis: Axis, places: Iterable[float]) -> None:
    """Ticks at the existing positions, as plain numbers."""
    named = sorted(set(places))
    axis.set_ticks(named, [f"{place:g}" for place in named])
    axis.set_minor_locator(NullLocator())


def _name_ticks_if_logarithmic(ax: Axes, values: list[float]) -> None:
    """Use a logarithmic scale if the values span enough for it to be visible."""
    if min(values) > 0 and max(values) / min(values) > 3:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_locator(NullLocator())
