"""Associative memories as a function of their load: recall, robustness to noise, and information of their neurons.

Each function takes the rows of a scan by `infomorphic.tasks.memory`, as named tuples of its trials or as mappings read from a table.
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
    """Draw the score of each method against the load: the mean over seeds, with a band from the lowest to the highest seed.

    Args:
        rows: rows of `capacity_trial` with `method`, `load` and `score`.
        ax: the axis to draw on; by default that of a new figure.
        required: the minimum score of a stored load, drawn as a dashed line.
        title: title of the chart.

    Raises:
        PlotValueError: if there are no rows, or a row lacks one of these values.
    """
    ax = axes_or_new(ax, (7.2, 4.2))
    for number, (method, points) in enumerate(_by_method(rows, "score").items()):
        _line(ax, points, label_of(method), number, band=True)
    ax.axhline(required, color=foreground(), linewidth=0.8, linestyle="--", zorder=1)
    return _finished(ax, "score (mean cosine similarity)", title)


def plot_memory_basin(rows: Iterable[Row], ax: Axes | None = None, *, title: str | None = None) -> Axes:
    """Draw the largest fraction of flipped bits that each method corrects against the load, averaged over seeds.

    A memory that does not recall its patterns even without noise has no basin. At a load where only some seeds have a basin, the
    others count as zero. Loads without any basin are left out.

    Args:
        rows: rows of `basin_trial` with `method`, `load` and `basin`.
        ax: the axis to draw on; by default that of a new figure.
        title: title of the chart.

    Raises:
        PlotValueError: if there are no rows, or a row lacks one of these values.
    """
    ax = axes_or_new(ax, (7.2, 4.2))
    for number, (method, points) in enumerate(_by_method(rows, "basin").items()):
        held = {load: np.nan_to_num(values) for load, values in points.items() if np.isfinite(values).any()}
        _line(ax, held, label_of(method), number, band=False)
    return _finished(ax, "flipped bits that are recovered (fraction)", title)


def plot_memory_information(rows: Iterable[Row], ax: Axes | None = None, *, method: str | None = None, title: str | None = None) -> Axes:
    """Draw the atoms and the residual entropy of a memory's neurons against the load: means over neurons and seeds, in bits.

    Args:
        rows: rows of `information_trial`.
        ax: the axis to draw on; by default that of a new figure.
        method: the method to draw; optional if there is only one.
        title: title of the chart.

    Raises:
        PlotValueError: if the method has no rows, or there are several methods and `method` is not given.
    """
    rows = [_mapping(row) for row in rows]
    methods = list(dict.fromkeys(row.get("method") for row in rows))
    if method is None and len(methods) > 1:
        raise PlotValueError(f"`method` must be given if rows have several methods; got {', '.join(map(str, methods))}.")
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
    """For each method, in order of appearance, the values of all seeds by ascending load; NaN for missing values."""
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
    color = SERIES[number % len(SERIES)]
    loads = list(points)
    marker = _MARKERS[number % len(_MARKERS)]
    style = "-" if number < len(SERIES) else "--"
    means = [float(values.mean()) for values in points.values()]
    ax.plot(loads, means, marker=marker, markersize=3.5, linewidth=1.4, linestyle=style, color=color, label=label, zorder=3)
    if band and loads:
        low, high = ([float(f(values)) for values in points.values()] for f in (np.min, np.max))
        ax.fill_between(loads, low, high, color=color, alpha=0.15, linewidth=0, zorder=2)


def _finished(ax: Axes, quantity: str, title: str | None) -> Axes:
    ax.set_xlabel("load (patterns per neuron)")
    ax.set_ylabel(quantity)
    ax.grid(alpha=0.3, linewidth=0.6, zorder=0)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5))
    if title is not None:
        ax.set_title(as_written(title))
    return ax
