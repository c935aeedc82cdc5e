"""Associative memories against their load: how well they recall, how much noise they take, and what their neurons know.

Each function takes the rows of a scan of `infomorphic.tasks.memory`, as named tuples of its trials or as mappings read from a table.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from infomorphic.plots.atom_values import PlotValueError
from infomorphic.plots.axes import as_written, axes_or_new, foreground, label_of
from infomorphic.plots.palette import SERIES

Row = Mapping[str, Any] | tuple[Any, ...]

_MARKERS = "osD^v<>PX*"
_ATOMS = {
    "redundancy": "redundancy {F}{C}",
    "unique_external": "unique, external {F}",
    "unique_recurrent": "unique, recurrent {C}",
    "synergy": "synergy {FC}",
    "residual_entropy": r"$H_{\mathrm{res}}$",
}


def plot_memory_capacity(rows: Iterable[Row], ax: Axes | None = None, *, required: float = 0.95, title: str | None = None) -> Axes:
    """Draw the score of each method against its load: the mean over seeds, and a band from the lowest to the highest seed.

    Args:
        rows: of `capacity_trial`; `method`, `load` and `score` are read.
        ax: where to draw; by default a new figure.
        required: the score from which a load counts as stored, a dashed line.
        title: above the chart.

    Raises:
        PlotValueError: if there are no rows, or a row lacks one of these.
    """
    ax = axes_or_new(ax, (7.2, 4.2))
    for number, (method, points) in enumerate(_by_method(rows, "score").items()):
        _line(ax, points, method, number, band=True)
    ax.axhline(required, color=foreground(), linewidth=0.8, linestyle="--", zorder=1)
    return _finished(ax, "score (mean cosine similarity)", title)


def plot_memory_basin(rows: Iterable[Row], ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw the largest fraction of flipped bits that each method recovers from against its load, averaged over seeds.

    A memory that does not recall its patterns even without noise has no basin; loads at which no seed has one are left out,
    and where some have none, they count as zero.

    Args:
        rows: of `basin_trial`; `method`, `load` and `basin` are read.
        ax: where to draw; by default a new figure.
        title: above the chart.

    Raises:
        PlotValueError: if there are no rows, or a row lacks one of these.
    """
    ax = axes_or_new(ax, (7.2, 4.2))
    for number, (method, points) in enumerate(_by_method(rows, "basin").items()):
        held = {load: np.nan_to_num(values) for load, values in points.items() if np.isfinite(values).any()}
        _line(ax, held, method, number, band=False)
    return _finished(ax, "flipped bits that are recovered (fraction)", title)


def plot_memory_information(rows: Iterable[Row], ax: Axes | None = None, *, method: str | None = None, title: str | None = None) -> Axes:
    """Draw the atoms of a memory's neurons, and their residual entropy, against the load; means over neurons and seeds, in bits.

    Args:
        rows: of `information_trial`.
        ax: where to draw; by default a new figure.
        method: whose rows to draw; may be left out where there is only one.
        title: above the chart.

    Raises:
        PlotValueError: if there are no rows of the method, or of several methods and none is named.
    """
    rows = [_mapping(row) for row in rows]
    methods = list(dict.fromkeys(row.get("method") for row in rows))
    if method is None and len(methods) > 1:
        raise PlotValueError(f"`method` must be given where rows are of several: {', '.join(map(str, methods))}.")
    chosen = [row for row in rows if method is None or row.get("method") == method]
    if not chosen:
        raise PlotValueError(
            f"there are no rows of {method!r}; there are {', '.join(map(str, methods))}." if rows else "there are no rows."
        )
    ax = axes_or_new(ax, (6.4, 4.0))
    for number, (column, label) in enumerate(_ATOMS.items()):
        (points,) = _by_method(chosen, column).values()
        _line(ax, points, label, number, band=True)
    ax.axhline(0.0, color=foreground(), linewidth=0.8, zorder=1)
    return _finished(ax, "information (bits)", title)


def _by_method(rows: Iterable[Row], column: str) -> dict[str, dict[float, np.ndarray]]:
    """For each method, in order of appearance, the values of all seeds by load, ascending; NaN where there is none."""
    found: dict[str, dict[float, list[float]]] = {}
    for row in map(_mapping, rows):
        missing = [name for name in ("method", "load", column) if name not in row]
        if missing:
            raise PlotValueError(f"rows must have {missing[0]!r}; got {', '.join(map(str, row))}.")
        value = row[column]
        found.setdefault(row["method"], {}).setdefault(float(row["load"]), []).append(np.nan if value in (None, "") else float(value))
    if not found:
        raise PlotValueError("there are no rows.")
    return {method: {load: np.array(values[load]) for load in sorted(values)} for method, values in found.items()}


def _mapping(row: Row) -> Mapping[str, Any]:
    return row if isinstance(row, Mapping) else row._asdict()  # type: ignore[attr-defined]


def _line(ax: Axes, points: Mapping[float, np.ndarray], label: str, number: int, *, band: bool) -> None:
    colour = SERIES[number % len(SERIES)]
    loads = list(points)
    marker = _MARKERS[number % len(_MARKERS)]
    style = "-" if number < len(SERIES) else "--"
    means = [float(values.mean()) for values in points.values()]
    ax.plot(loads, means, marker=marker, markersize=3.5, linewidth=1.4, linestyle=style, color=colour, label=label_of(label), zorder=3)
    if band and loads:
        low, high = ([float(f(values)) for values in points.values()] for f in (np.min, np.max))
        ax.fill_between(loads, low, high, color=colour, alpha=0.15, linewidth=0, zorder=2)


def _finished(ax: Axes, quantity: str, title: str | None) -> Axes:
    ax.set_xlabel("load (patterns per neuron)")
    ax.set_ylabel(quantity)
    ax.grid(alpha=0.3, linewidth=0.6, zorder=0)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5))
    if title is not None:
        ax.set_title(as_written(title))
    return ax
