"""Atoms as signed bars, for one decomposition or to compare several."""

from collections.abc import Mapping
from typing import cast

import numpy as np
from jaxtyping import Float64
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties

from infomorphic.errors import UnknownAtomError
from infomorphic.pid.antichains import parse_antichain
from infomorphic.plots.atom_values import AtomValues, PlotValueError, finite, read_atoms
from infomorphic.plots.axes import as_written, axes_or_new, foreground, label_of
from infomorphic.plots.palette import NEGATIVE, POSITIVE, RESIDUAL, SERIES
from infomorphic.plots.scaled_text import format_value, text_box

_RESIDUAL_KEY = "H_res"
_GROUP = 0.8
"""Fraction of the distance between atoms that their bars fill."""


def plot_atoms(
    atoms: Mapping[str, float] | Mapping[str, Mapping[str, float]],
    residual_entropy: float | Mapping[str, float] | None = None,
    ax: Axes | None = None,
    *,
    errors: Mapping[str, float] | Mapping[str, Mapping[str, float]] | None = None,
    sources: str | None = None,
    values: bool | None = None,
    decimals: int = 3,
    title: str | None = None,
) -> Axes:
    """Draw a horizontal bar in bits per atom, from the redundancy of all sources at the top to their synergy at the bottom.

    For one decomposition, positive bars are blue, negative bars red, and the residual entropy is gray. Several decompositions
    are drawn side by side, each in its own color, with a legend.

    Args:
        atoms: a value in bits for the label of every antichain of one to four sources, in any order and spelling; or
            several such mappings by name, such as `{"before": {...}, "after": {...}}`, of the same sources.
        residual_entropy: H(Y | all sources) in bits, drawn as the last bar. With several decompositions, one number for all
            or one by name; a decomposition that is not named gets no bar.
        ax: the axis to draw on; by default that of a new figure.
        errors: half the length of each atom's error bar, in bits, by label; with several decompositions by name and label. An
            atom without an error gets no error bar. The label of the residual entropy is `H_res`.
        sources: the one-letter names of the sources, in order; by default those in the labels.
        values: whether to write the value at each bar; by default for one decomposition of up to three sources.
        decimals: number of decimals of the values.
        title: title of the chart.

    Returns:
        The axis.

    Raises:
        AntichainError, UnknownAtomError, TooManySourcesError, PlotValueError: as in `read_atoms`, before anything is drawn;
            also if an error is negative or does not belong to a decomposition in `atoms`.
    """
    several = bool(atoms) and all(isinstance(value, Mapping) for value in atoms.values())
    named = cast(Mapping[str, Mapping[str, float]], atoms if several else {"": atoms})
    if sources is None:
        first = next(iter(named.values()))
        sources = read_atoms(first).sources
    series = {name: read_atoms(of_name, sources) for name, of_name in named.items()}
    residuals = _residuals(residual_entropy, series)
    lengths = {name: np.append(read.values, residuals[name]) for name, read in series.items()}
    error_lengths = _errors(errors, series, several)
    lattice = next(iter(series.values())).lattice
    labels = [*lattice.labels(sources), r"$H_{\mathrm{res}}$"]
    shown = len(labels) if any(np.isfinite(r) for r in residuals.values()) else len(lattice)
    values = (not several and lattice.num_sources <= 3) if values is None else values

    row = (0.27 if lattice.num_sources <= 3 else 0.15) + 0.14 * (len(series) - 1)
    ax = axes_or_new(ax, (6.4, max(2.2, 0.9 + row * shown)))
    ink = foreground()
    # On a small axis, tick labels and values are as large as the row height allows.
    width, height = (length * 72.0 / ax.figure.dpi for length in ax.get_window_extent().size)
    font = min(FontProperties(size=rcParams["ytick.labelsize"]).get_size_in_points(), 0.8 * height / shown)
    value_font = min(0.85 * font, 0.8 * height / shown / len(series))
    thickness = _GROUP / len(series)
    for i, (name, length) in enumerate(lengths.items()):
        place = np.arange(shown) + (i - (len(series) - 1) / 2) * thickness
        colors = [SERIES[i % len(SERIES)]] * shown if several else [POSITIVE if v >= 0 else NEGATIVE for v in length[:shown]]
        if not several and shown > len(lattice):
            colors[-1] = RESIDUAL
        # A missing error is NaN, which draws nothing; a missing bar has length zero and no text.
        whiskers = error_lengths[name][:shown]
        bars = ax.barh(
            place,
            np.nan_to_num(length[:shown]),
            height=thickness * (0.92 if several else 1.0),
            color=colors,
            xerr=whiskers if np.isfinite(whiskers).any() else None,
            error_kw={"ecolor": ink, "elinewidth": 1.0, "capsize": 2.0},
            label=label_of(name) if name else None,
            zorder=2,
        )
        if values:
            texts = [format_value(float(v), decimals) if np.isfinite(v) else "" for v in length[:shown]]
            ax.bar_label(bars, texts, padding=3, fontsize=value_font)
    ax.axvline(0.0, color=ink, linewidth=0.9, zorder=3)
    ax.set_yticks(np.arange(shown), labels[:shown], fontsize=font)
    ax.set_ylim(shown - 0.4, -0.6)
    text_width = value_font * text_box([format_value(-1.0, decimals)])[0] + 8.0 if values else 0.0
    ax.set_xlim(*_limits(lengths, error_lengths, shown, min(0.3, text_width / width)))
    ax.set_xlabel("information (bits)")
    ax.grid(axis="x", alpha=0.3, linewidth=0.6, zorder=0)
    ax.set_axisbelow(True)
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    if several:
        ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=min(4, len(series)))
    if title is not None:
        # Above the legend, which has four names per row.
        ax.set_title(as_written(title), pad=26 * -(-len(series) // 4) if several else None)
    return ax


def _limits(
    lengths: Mapping[str, Float64[np.ndarray, " bars"]], errors: Mapping[str, Float64[np.ndarray, " bars"]], shown: int, text: float
) -> tuple[float, float]:
    """The range of the horizontal axis: all bars and error bars, plus the fraction of the range that a written value needs."""
    ends = [length[:shown] + sign * np.nan_to_num(errors[name][:shown]) for name, length in lengths.items() for sign in (-1.0, 1.0)]
    low, high = min(0.0, float(np.nanmin(ends))), max(0.0, float(np.nanmax(ends)))
    if low == high:
        low, high = 0.0, 1.0
    before, after = (0.03 + text if low < 0 else 0.0), 0.03 + text
    whole = (high - low) / (1 - before - after)
    return low - before * whole, high + after * whole


def _residuals(residual_entropy: float | Mapping[str, float] | None, series: Mapping[str, AtomValues]) -> dict[str, float]:
    """The residual entropy of each decomposition; NaN if there is none."""
    if not isinstance(residual_entropy, Mapping):
        value = np.nan if residual_entropy is None else finite(residual_entropy, "`residual_entropy`")
        return dict.fromkeys(series, value)
    _check_names(residual_entropy, series, "residual_entropy")
    return {name: finite(residual_entropy[name], "`residual_entropy`") if name in residual_entropy else np.nan for name in series}


def _errors(
    errors: Mapping[str, float] | Mapping[str, Mapping[str, float]] | None, series: Mapping[str, AtomValues], several: bool
) -> dict[str, Float64[np.ndarray, " bars"]]:
    """The error of each bar of each decomposition, with the residual entropy last; NaN if there is none."""
    named = cast(Mapping[str, Mapping[str, float]], (errors or {}) if several else {"": errors or {}})
    _check_names(named, series, "errors")
    lengths: dict[str, Float64[np.ndarray, " bars"]] = {}
    for name, read in series.items():
        lengths[name] = np.full(len(read.lattice) + 1, np.nan)
        for label, error in named.get(name, {}).items():
            at = -1 if label == _RESIDUAL_KEY else read.lattice.position(parse_antichain(label, read.sources))
            lengths[name][at] = finite(error, f"the error of {label}")
            if lengths[name][at] < 0:
                raise PlotValueError(f"the error of {label} must not be negative; got {error}. Give half the length of the error bar.")
    return lengths


def _check_names(given: Mapping[str, object], series: Mapping[str, AtomValues], what: str) -> None:
    unknown = [name for name in given if name not in series]
    if unknown:
        raise UnknownAtomError(f"`{what}` must name decompositions in `atoms` ({', '.join(series)}); got {unknown[0]!r}.")
