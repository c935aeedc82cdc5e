"""The redundancy lattice with one value per antichain."""

from collections.abc import Mapping
from typing import SupportsFloat

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, FancyBboxPatch, Patch

from infomorphic.pid.antichains import format_antichain
from infomorphic.plots.atom_values import read_atoms
from infomorphic.plots.axes import axes_or_new, blank, color_bar, foreground
from infomorphic.plots.hasse_layout import hasse_edges, hasse_positions
from infomorphic.plots.palette import Rgb, text_color, value_scale
from infomorphic.plots.scaled_text import add_text, format_value, text_box

_LEVEL_HEIGHT = {1: 1.0, 2: 0.9, 3: 0.62, 4: 1.9}
_FIGURE_SIZE = {1: (3.2, 2.4), 2: (4.6, 3.8), 3: (6.6, 6.0), 4: (11.0, 10.5)}
_BOX_WIDTH, _BOX_HEIGHT = 0.88, 0.38
_DISC_RADIUS = 0.3
_LARGEST_FONT = 0.12


def plot_hasse(
    atoms: Mapping[str, SupportsFloat],
    ax: Axes | None = None,
    *,
    sources: str | None = None,
    limit: float | None = None,
    labels: bool | None = None,
    values: bool | None = None,
    decimals: int = 3,
    colorbar: bool = True,
    title: str | None = None,
) -> Axes:
    """Draw the redundancy lattice of 1 to 4 sources as a Hasse diagram, with each antichain colored by its value.

    The redundancy of all sources is at the bottom, their synergy at the top. Lines connect each antichain to those directly below
    it. Blue is positive, red negative, near-white zero.

    Args:
        atoms: a value in bits for the label of every antichain, in any order and spelling; atoms or redundancies.
        ax: the axis to draw on; by default that of a new figure.
        sources: the one-letter names of the sources, in order; by default those in the labels.
        limit: the magnitude of the strongest colors, in bits; by default the largest magnitude. Plots with the same `limit`
            can be compared.
        labels: whether to write the label at each node; by default up to three sources.
        values: whether to write the value at each node; by default up to three sources.
        decimals: number of decimals of the values.
        colorbar: whether to add a color bar in bits, which takes part of the width of `ax`.
        title: title of the diagram.

    Returns:
        The axis.

    Raises:
        AntichainError, UnknownAtomError, TooManySourcesError, PlotValueError: as in `read_atoms`, before anything is drawn.

    Source: Williams and Beer 2010 (arXiv:1004.2515), the redundancy lattice.
    """
    read = read_atoms(atoms, sources)
    scale = value_scale(read.values, limit)
    num_sources = read.lattice.num_sources
    labels = num_sources <= 3 if labels is None else labels
    values = num_sources <= 3 if values is None else values
    ax = axes_or_new(ax, _FIGURE_SIZE[num_sources])
    ink = foreground()

    places = hasse_positions(num_sources) * (1.0, _LEVEL_HEIGHT[num_sources])
    edges = LineCollection(
        list(places[hasse_edges(read.lattice)]), colors=[to_rgba(ink, 0.35)], linewidths=1.0 if num_sources < 4 else 0.4, zorder=1
    )
    ax.add_collection(edges, autolim=False)
    for (x, y), antichain, label, value in zip(places, read.lattice.antichains, read.labels, read.values, strict=True):
        sets = [format_antichain((members,), read.sources) for members in antichain] if labels else []
        number = format_value(float(value), decimals) if values else ""
        color = scale.color(float(value))
        node = _box(ax, x, y, sets, number, color) if num_sources < 4 else _disc(ax, x, y, sets, number, color)
        node.set(label=label, facecolor=color, edgecolor=ink, linewidth=0.8 if num_sources < 4 else 0.5, zorder=2)
        ax.add_patch(node)

    (left, bottom), (right, top) = places.min(0), places.max(0)
    blank(ax, (left - 0.6, right + 0.6), (bottom - (0.4 if num_sources < 4 else 1.2), top + 0.4), title)
    if colorbar:
        color_bar(ax, scale, "value (bits)")
    return ax


def _box(ax: Axes, x: float, y: float, sets: list[str], number: str, color: Rgb) -> Patch:
    """A node of up to three sources, with its label and value inside."""
    lines = [line for line in ("".join(sets), number) if line]
    if lines:
        width, height = text_box(lines)
        size = min(_LARGEST_FONT, 0.93 * _BOX_WIDTH / width, 0.8 * _BOX_HEIGHT / height)
        add_text(ax, x, y, "\n".join(lines), size, color=text_color(color), zorder=3)
    corner = (x - _BOX_WIDTH / 2, y - _BOX_HEIGHT / 2)
    return FancyBboxPatch(corner, _BOX_WIDTH, _BOX_HEIGHT, boxstyle="round,pad=0,rounding_size=0.09")


def _disc(ax: Axes, x: float, y: float, sets: list[str], number: str, color: Rgb) -> Patch:
    """A node of four sources, with its value inside and its label below, two sets per line."""
    if number:
        width, _ = text_box([number])
        add_text(ax, x, y, number, min(0.18, 1.8 * _DISC_RADIUS / width), color=text_color(color), zorder=3)
    if sets:
        lines = ["".join(sets[i : i + 2]) for i in range(0, len(sets), 2)]
        width, height = text_box(lines)
        size = min(0.2, 0.86 / width, 0.9 / height)
        # Edges run behind the label: let them show only faintly.
        halo = {"boxstyle": "square,pad=0.05", "facecolor": ax.get_facecolor(), "edgecolor": "none", "alpha": 0.8}
        below = y - _DISC_RADIUS - 0.08
        add_text(ax, x, below, "\n".join(lines), size, color=foreground(), va="top", zorder=3, bbox=halo)
    return Circle((x, y), _DISC_RADIUS)
