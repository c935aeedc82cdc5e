"""Medians with their ranges along a numeric axis, and published ones to compare with."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullLocator

from infomorphic.plots.axes import as_written, axes_or_new, foreground, label_of
from infomorphic.plots.palette import SERIES

MARKERS = "os^Dvp*hXP<>"


class Ranges(NamedTuple):
    """Median, smallest and largest value at each place; low and high may be empty."""

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
    """Draw a line with a band from low to high for each name; published medians dashed, with bars, in the colour of the same name.

    Args:
        ours: what was measured, by name.
        ax: where to draw; by default a new figure.
        published: what to compare with, by the same names.
        x_label: of the horizontal axis.
        y_label: of the vertical axis.
        log_x: whether places lie on a logarithmic scale.
        log_y: whether values do, if they span enough.
        markers: whether every median has a marker.
        legend: whether to name the lines.
        title: above the chart.

    Returns:
        The axis.
    """
    ax = axes_or_new(ax, (6.4, 4.8))
    published = published or {}
    for i, name in enumerate(dict.fromkeys([*ours, *published])):
        colour, marker = SERIES[i % len(SERIES)], MARKERS[i % len(MARKERS)]
        if name in ours:
            r = ours[name]
            lone = len(r.place) == 1
            ax.plot(
                r.place,
                r.median,
                color=colour,
                marker=marker if markers or lone else None,
                markersize=4,
                linewidth=1.6,
                label=label_of(name),
            )
            if len(r.low):
                ax.fill_between(r.place, r.low, r.high, color=colour, alpha=0.2, linewidth=0)
        if name in published:
            r = published[name]
            bars = None
            if len(r.low):
                bars = [[m - a for m, a in zip(r.median, r.low, strict=True)], [b - m for m, b in zip(r.median, r.high, strict=True)]]
            ax.errorbar(
                r.place,
                r.median,
                yerr=bars,
                color=colour,
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
    """Ticks at the places that there are, as plain numbers."""
    named = sorted(set(places))
    axis.set_ticks(named, [f"{place:g}" for place in named])
    axis.set_minor_locator(NullLocator())


def _name_ticks_if_logarithmic(ax: Axes, values: list[float]) -> None:
    """A logarithmic scale where values span more than it takes to see one."""
    if min(values) > 0 and max(values) / min(values) > 3:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        ax.yaxis.set_major_formatter("{x:g}")
        ax.yaxis.set_minor_locator(NullLocator())
