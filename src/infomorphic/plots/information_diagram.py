"""The information diagram of the papers: the information about the output as regions of nested ovals."""

import re
from collections.abc import Mapping, Sequence
from typing import SupportsFloat

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon

from infomorphic.pid.antichains import format_antichain
from infomorphic.plots.atom_values import finite, read_atoms
from infomorphic.plots.axes import as_written, axes_or_new, blank, color_bar, foreground, short_name
from infomorphic.plots.diagram_geometry import RIM, DiagramGeometry, diagram_geometry
from infomorphic.plots.palette import Rgb, distinct_colors, text_color, value_scale
from infomorphic.plots.scaled_text import add_text, format_value, text_box

_FIGURE_SIZE = (7.6, 6.0)
_LARGEST_FONT = {1: 0.1, 2: 0.085, 3: 0.052}
_FILL = 0.84
"""Fraction of the available room that a text fills."""
_OUTLINE = "#262626"
_TEACHING_RING: Rgb = (0.99, 0.99, 0.99)
_LEADERS = {
    1: {0b0: 135, 0b1: 45},
    2: {0b01: 140, 0b10: 40, 0b11: -40, 0b00: 220},
    3: {0b001: 58, 0b011: 36, 0b000: 122, 0b101: 144, 0b100: 216, 0b110: 238, 0b010: -36, 0b111: -58},
}
"""Direction of the name of each oval, in degrees; the empty set is H(Y). With these, lines to the ovals do not cross text."""
_LONGEST_LINE = 22
"""Characters of the name of an oval in one line: more would shrink the diagram."""
_MINUS = "\N{MINUS SIGN}"
_RESIDUAL_NAME = r"$H_{\mathrm{res}}$"


def plot_information_diagram(
    atoms: Mapping[str, SupportsFloat],
    residual_entropy: float | None = None,
    ax: Axes | None = None,
    *,
    sources: str | None = None,
    limit: float | None = None,
    values: bool = True,
    decimals: int = 3,
    quantities: bool = True,
    names: Sequence[str] | None = None,
    target: str = "Y",
    colorbar: bool = True,
    title: str | None = None,
) -> Axes:
    """Draw the entropy of the output of up to three sources as a diagram with one region per atom, colored by its value.

    The outer circle is H(Y). Its gray ring is the residual entropy H(Y | all sources). The ovals inside are the mutual
    information with sets of sources, I(Y : F, C, L), I(Y : F, C), …, I(Y : F). An atom α lies in the oval of a set of sources
    exactly if the set contains a member of α. Areas have no meaning. Blue is positive, red negative, near-white zero. With three
    sources, the first is at the top and the others follow clockwise. The region of all pairs, such as {FC}{FL}{CL}, has three
    pieces; one of them shows the value.

    Args:
        atoms: a value in bits for the label of every antichain of one to three sources, in any order and spelling.
        residual_entropy: H(Y | all sources) in bits, written in the ring, whose gray darkens up to `limit`.
        ax: the axis to draw on; by default that of a new figure.
        sources: the one-letter names of the sources, in order; by default those in the labels.
        limit: the magnitude of the strongest colors, in bits; by default the largest magnitude of the atoms. Diagrams with the
            same `limit` can be compared.
        values: whether to show the values; if not, each region has its own color, for teaching.
        decimals: number of decimals of the values.
        quantities: whether to name the ovals outside the circle.
        names: the names of the sources in the names of the ovals, in order; by default their letters. Long names are shortened.
        target: the name of the output.
        colorbar: whether to add a color bar in bits, which takes part of the width of `ax`; never without values.
        title: title of the diagram.

    Returns:
        The axis.

    Raises:
        AntichainError, UnknownAtomError, TooManySourcesError, PlotValueError: as in `read_atoms`, before anything is drawn.

    Source: Schneider, Neuhaus, Ehrlich et al. (arXiv:2412.02482), fig. 1C and fig. 7.
    """
    read = read_atoms(atoms, sources, max_sources=3)
    scale = value_scale(read.values, limit)
    residual = None if residual_entropy is None else finite(residual_entropy, "`residual_entropy`")
    ax = axes_or_new(ax, _FIGURE_SIZE)
    geometry = diagram_geometry(read.lattice.num_sources)
    largest = _LARGEST_FONT[geometry.num_sources]

    ring = scale.gray(residual) if values and residual is not None else _TEACHING_RING
    ax.add_artist(Circle((0.0, 0.0), RIM, facecolor=ring, edgecolor="none", zorder=1, label="H_res"))
    colors = [scale.color(float(v)) for v in read.values] if values else distinct_colors(read.lattice)
    # From the top of the lattice down: lower antichains are painted over higher ones (see diagram_geometry).
    for position in reversed(range(len(read.lattice))):
        outline = geometry.redundancy_outline(read.lattice.antichains[position])
        ax.add_artist(Polygon(outline, facecolor=colors[position], edgecolor="none", zorder=2, label=read.labels[position]))
    for members in geometry.ovals:
        width = 1.6 if members.bit_count() == 1 else 1.0
        ax.add_artist(Polygon(geometry.outline(members), fill=False, edgecolor=_OUTLINE, linewidth=width, joinstyle="round", zorder=3))
    ax.add_artist(Circle((0.0, 0.0), RIM, fill=False, edgecolor=_OUTLINE, linewidth=1.2, zorder=3))

    for antichain, upset, color, value in zip(read.lattice.antichains, read.lattice.upsets, colors, read.values, strict=True):
        sets = [format_antichain((members,), read.sources) for members in antichain]
        number = [format_value(float(value), decimals)] if values else []
        _write_in_region(ax, geometry, upset, sets, number, largest, color)
    _write_residual(ax, geometry, residual if values else None, decimals, ring, largest)
    half_height = half_width = RIM + 0.02
    if quantities:
        width, height = _name_quantities(ax, geometry, names or read.sources, target, min(largest, 0.06))
        half_width, half_height = max(half_width, width), max(half_height, height)
    blank(ax, (-half_width, half_width), (-half_height, half_height), title)
    if values and colorbar:
        color_bar(ax, scale, "value (bits)")
    return ax


def _breaks(sets: list[str]) -> list[list[str]]:
    """The possible line breaks of the sets of a label."""
    if len(sets) == 1:
        return [sets]
    return [["".join(sets)], sets] + ([["".join(sets[:2]), sets[2]]] if len(sets) == 3 else [])


def _write_in_region(
    ax: Axes, geometry: DiagramGeometry, upset: int, sets: list[str], number: list[str], largest: float, background: Rgb
) -> None:
    """Write sets and value at the best position, with the line breaks that allow the largest font. Other pieces get only the sets."""
    ways: list[tuple[float, list[str], tuple[float, float]]] = []
    for lines in _breaks(sets):
        # Use the width of a negative value of zeros, so that text has the same position in all diagrams.
        sample = [_MINUS + re.sub(r"\d", "0", text.removeprefix(_MINUS)) for text in number]
        x, y, size = geometry.room_for(upset, *text_box([*lines, *sample]))
        ways.append((min(_FILL * size, largest), lines, (x, y)))
    size, lines, place = max(ways, key=lambda way: way[0])
    style = {"color": text_color(background), "zorder": 4}
    add_text(ax, *place, "\n".join([*lines, *number]), size, **style)
    for piece in range(1, len(geometry.pieces(upset))):
        x, y, room = geometry.room_for(upset, *text_box(lines), piece)
        add_text(ax, x, y, "\n".join(lines), min(_FILL * room, size), **style)


def _write_residual(ax: Axes, geometry: DiagramGeometry, residual: float | None, decimals: int, ring: Rgb, largest: float) -> None:
    text = _RESIDUAL_NAME if residual is None else f"{_RESIDUAL_NAME}  {format_value(residual, decimals)}"
    inner = geometry.radii[(1 << geometry.num_sources) - 1][540]
    add_text(ax, 0.0, -(RIM + inner) / 2, text, min(largest, 0.55 * (RIM - inner)), color=text_color(ring), zorder=4)


def _name_quantities(ax: Axes, geometry: DiagramGeometry, sources: Sequence[str], target: str, size: float) -> tuple[float, float]:
    """Write the name of each oval outside the circle, with a line to its outline. Returns half of the needed width and height."""
    ink = foreground()
    widest = highest = 0.0
    for members, degrees in _LEADERS[geometry.num_sources].items():
        direction = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
        if members:
            names = [short_name(name) for i, name in enumerate(sources) if members >> i & 1]
            text = as_written(_quantity(short_name(target), names))
            start = direction * geometry.ovals[members].radius(np.radians([degrees]))
            line = np.stack([start, direction * RIM])
            ax.add_line(Line2D(*line.T, color=_OUTLINE, linewidth=0.7, marker="o", markersize=3.0, markevery=[0], zorder=3.5))
        else:
            text = as_written(f"H({short_name(target)})")
        x, y = direction * (RIM + 0.03)
        side = {"ha": "left" if x > 0 else "right", "va": "bottom" if y > 0 else "top"}
        add_text(ax, x, y, text, size, color=ink, style="italic", zorder=4, **side)
        width, height = text_box(text.split("\n"))
        # Italics are wider than the upright letters that `text_box` measures.
        widest, highest = max(widest, abs(x) + 1.08 * width * size), max(highest, abs(y) + height * size)
    return widest + 0.02, highest + 0.02


def _quantity(target: str, names: list[str]) -> str:
    """The name of an oval, in several lines if the names of the sources are long."""
    if all(len(name) == 1 for name in names):
        return f"I({target}:{','.join(names)})"
    lines = [f"I({target} :", *(f"{name}," for name in names[:-1]), f"{names[-1]})"]
    whole = " ".join(lines)
    return whole if len(whole) <= _LONGEST_LINE else "\n".join(lines)
