"""The diagram of the papers: what is known about the output, as regions of nested ovals."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon

from infomorphic.plots.atom_values import finite, read_atoms
from infomorphic.plots.axes import axes_or_new, blank, colour_bar
from infomorphic.plots.diagram_geometry import RIM, DiagramGeometry, diagram_geometry
from infomorphic.plots.palette import Rgb, distinct_colours, residual_shade, shade, text_colour, value_scale
from infomorphic.plots.scaled_text import add_text, format_value, text_box

_FIGURE_SIZE = (6.8, 6.0)
_LARGEST_FONT = {1: 0.1, 2: 0.085, 3: 0.056}
_FILL = 0.86
"""Of the room that a text has, how much it takes."""
_OUTLINE = "#262626"
_RESIDUAL_NAME = r"$H_{\mathrm{res}}$"


def plot_information_diagram(
    atoms: Mapping[str, float],
    residual_entropy: float | None = None,
    ax: Axes | None = None,
    *,
    sources: str | None = None,
    limit: float | None = None,
    values: bool = True,
    decimals: int = 3,
    quantities: bool = True,
    target: str = "Y",
    colorbar: bool = True,
    title: str | None = None,
) -> Axes:
    """Draw the entropy of the output of up to three sources as a diagram with a region for each atom, coloured by its value.

    The outer circle is H(Y). Its ring is the residual entropy H(Y | all sources), grey; the ovals inside are the mutual
    information with sets of sources, I(Y : F, C, L), I(Y : F, C), …, I(Y : F). An atom α lies in the oval of a set of
    sources exactly if a member of α is contained in the set. Areas mean nothing. Blue is positive, red negative,
    near-white zero. With three sources the region of {1}{2}{3}… of all pairs, such as {FC}{FL}{CL}, is in three
    pieces of one colour: no 3-fold symmetric diagram has both it and {F}{C}{L} in one piece.

    Args:
        atoms: a value in bits for the label of every antichain of one to three sources, in any order and spelling.
        residual_entropy: H(Y | all sources) in bits, to be written in the ring; its grey darkens up to `limit`.
        ax: where to draw; by default a new figure.
        sources: the one-letter names of the sources, in order; by default those in the labels.
        limit: the value of the strongest colours, of either sign, in bits; by default the largest magnitude of the atoms.
            Diagrams with the same `limit` can be compared.
        values: whether to show the values; without, each region has a colour of its own, for teaching.
        decimals: of the values.
        quantities: whether to name the ovals, outside of the circle.
        target: the name of the output.
        colorbar: whether to add a colour bar in bits, for which `ax` gives up some of its width; never without values.
        title: above the diagram.

    Returns:
        The axis.

    Raises:
        AntichainError, UnknownAtomError, TooManySourcesError, PlotValueError: as in `read_atoms`, before anything is drawn.

    Source: Makkeh et al. 2025 (arXiv:2412.02482), fig. 1C and fig. 7.
    """
    read = read_atoms(atoms, sources, max_sources=3)
    scale = value_scale(read.values, limit)
    residual = None if residual_entropy is None else finite(residual_entropy, "`residual_entropy`")
    ax = axes_or_new(ax, _FIGURE_SIZE)
    geometry = diagram_geometry(read.lattice.num_sources)
    largest = _LARGEST_FONT[geometry.num_sources]

    ring = residual_shade(scale, residual) if values and residual is not None else _TEACHING_RING
    ax.add_patch(Circle((0.0, 0.0), RIM, facecolor=ring, edgecolor="none", zorder=1, label="H_res"))
    colours = [shade(scale, float(v)) for v in read.values] if values else distinct_colours(read.lattice)
    # From the top of the lattice down: each shape is painted over by what lies below it (see diagram_geometry).
    for position in reversed(range(len(read.lattice))):
        outline = geometry.redundancy_outline(read.lattice.antichains[position])
        ax.add_patch(Polygon(outline, facecolor=colours[position], edgecolor="none", zorder=2, label=read.labels[position]))
    for members in geometry.ovals:
        width = 1.6 if members.bit_count() == 1 else 1.0
        ax.add_patch(Polygon(geometry.outline(members), fill=False, edgecolor=_OUTLINE, linewidth=width, joinstyle="round", zorder=3))
    ax.add_patch(Circle((0.0, 0.0), RIM, fill=False, edgecolor=_OUTLINE, linewidth=1.2, zorder=3))

    for label, antichain, upset, colour, value in zip(
        read.labels, read.lattice.antichains, read.lattice.upsets, colours, read.values, strict=True
    ):
        sets = ["{" + "".join(read.sources[i] for i in members) + "}" for members in antichain]
        number = [format_value(float(value), decimals)] if values else []
        _write_in_region(ax, geometry, upset, _breaks(sets, number), largest, colour)
    _write_residual(ax, geometry, residual if values else None, decimals, ring, largest)
    extent = RIM + 0.03
    if quantities:
        extent = _name_quantities(ax, geometry, read.sources, target)
    blank(ax, (-extent, extent), (-extent, extent), title)
    if values and colorbar:
        colour_bar(ax, scale, "value (bits)")
    return ax


_TEACHING_RING: Rgb = (0.93, 0.93, 0.93)


def _breaks(sets: list[str], number: list[str]) -> list[list[str]]:
    """The ways to write sets and value below each other."""
    splits = {1: [[1]], 2: [[2], [1, 1]], 3: [[3], [2, 1], [1, 1, 1]]}[len(sets)]
    ways: list[list[str]] = []
    for split in splits:
        ends = np.cumsum(split)
        ways.append(["".join(sets[end - count : end]) for count, end in zip(split, ends, strict=True)] + number)
    return ways


def _write_in_region(
    ax: Axes, geometry: DiagramGeometry, upset: int, ways: list[list[str]], largest: float, background: Rgb, fill: float = _FILL
) -> None:
    """Write the way of breaking the lines that allows the largest font where it fits best."""
    best_size, best_lines, best_place = 0.0, ways[0], (0.0, 0.0)
    for lines in ways:
        # As wide as a negative value, so that text stands at the same place in all diagrams.
        sample = [*lines[:-1], max(lines[-1], "\N{MINUS SIGN}0.000"[: len(lines[-1]) + 1], key=len)]
        x, y, size = geometry.room_for(upset, *text_box(sample))
        size = min(size * fill, largest)
        if size > best_size + 1e-9:
            best_size, best_lines, best_place = size, lines, (x, y)
    add_text(ax, *best_place, "\n".join(best_lines), best_size, color=text_colour(background), zorder=4)


def _write_residual(ax: Axes, geometry: DiagramGeometry, residual: float | None, decimals: int, ring: Rgb, largest: float) -> None:
    text = _RESIDUAL_NAME if residual is None else f"{_RESIDUAL_NAME}  {format_value(residual, decimals)}"
    inner = geometry.radii[(1 << geometry.num_sources) - 1][540]
    add_text(ax, 0.0, -(RIM + inner) / 2, text, min(largest, 0.55 * (RIM - inner)), color=text_colour(ring), zorder=4)


def _name_quantities(ax: Axes, geometry: DiagramGeometry, sources: str, target: str) -> float:
    return RIM + 0.03
