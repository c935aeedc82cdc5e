"""The information diagram as an SVG template: regions and text positions, which the page fills with colors and values."""

from html import escape

import numpy as np

from infomorphic.pid.antichains import format_antichain
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.plots.diagram_geometry import RIM, Curve, DiagramGeometry, diagram_geometry
from infomorphic.plots.scaled_text import LINE_HEIGHT, text_box

MOST_SOURCES = 3
_LARGEST_FONT = {1: 0.1, 2: 0.085, 3: 0.056}
_POINTS_LEFT_OUT = 4
_VALUE = "−0.000"


def diagram_template(sources: str) -> str:
    """Make an `<svg>` in which every region is a path with the attribute `data-atom`, and every value a tspan with `data-value`.

    The shapes are those of `infomorphic.plots.plot_information_diagram`.

    Args:
        sources: the one-letter names of one to three sources.

    Raises:
        TooManySourcesError: for more than three.
    """
    geometry = diagram_geometry(len(sources))
    lattice = redundancy_lattice(len(sources))
    labels = lattice.labels(sources)
    largest = _LARGEST_FONT[len(sources)]
    shapes = [f'<circle class="region" data-atom="H_res" r="{RIM:g}"/>']
    texts = [_text([["H_res"]], "H_res", 0.0, (RIM + geometry.radii[(1 << len(sources)) - 1][540]) / 2, 0.8 * largest, one_line=True)]
    # From the top of the lattice down: shapes lower in the lattice are painted over those above.
    for position in reversed(range(len(lattice))):
        outline = _path(geometry.redundancy_outline(lattice.antichains[position]))
        shapes.append(f'<path class="region" data-atom="{escape(labels[position])}" d="{outline}"/>')
    shapes += [
        f'<path class="oval{" single" if members.bit_count() == 1 else ""}" d="{_path(geometry.outline(members))}"/>'
        for members in geometry.ovals
    ]
    shapes.append(f'<circle class="oval" r="{RIM:g}"/>')
    for label, antichain, upset in zip(labels, lattice.antichains, lattice.upsets, strict=True):
        texts += _texts_of_region(geometry, label, [format_antichain((m,), sources) for m in antichain], upset, largest)
    box = f"{-RIM - 0.01:g} {-RIM - 0.01:g} {2 * RIM + 0.02:g} {2 * RIM + 0.02:g}"
    return f'<svg class="diagram" viewBox="{box}" role="img" aria-label="information diagram">{"".join(shapes + texts)}</svg>'


def _texts_of_region(geometry: DiagramGeometry, label: str, sets: list[str], upset: int, largest: float) -> list[str]:
    """Label and value where they fit best, with the line breaks that allow the largest font; other pieces get only the label."""
    breaks = [[sets]] if len(sets) == 1 else [[sets], [[s] for s in sets]] + ([[sets[:2], sets[2:]]] if len(sets) == 3 else [])
    ways = []
    for lines in breaks:
        x, y, size = geometry.room_for(upset, *text_box([*("".join(line) for line in lines), _VALUE]))
        ways.append((min(0.84 * size, largest), lines, x, y))
    size, lines, x, y = max(ways, key=lambda way: way[0])
    texts = [_text(lines, label, x, -y, size)]
    for piece in range(1, len(geometry.pieces(upset))):
        x, y, room = geometry.room_for(upset, *text_box(["".join(line) for line in lines]), piece)
        texts.append(_text(lines, label, x, -y, min(0.84 * room, size), value=False))
    return texts


def _text(lines: list[list[str]], label: str, x: float, y: float, size: float, *, value: bool = True, one_line: bool = False) -> str:
    """Centered lines; y points down in SVG."""
    written = ["".join(line) for line in lines]
    if one_line:
        spans = f'<tspan>{written[0]}&#160;</tspan><tspan data-value="{escape(label)}"></tspan>'
        return f'<text data-of="{escape(label)}" x="{x:.3f}" y="{y + 0.35 * size:.3f}" font-size="{size:.4f}">{spans}</text>'
    count = len(written) + value
    first = y - (count - 1) / 2 * LINE_HEIGHT * size + 0.35 * size
    spans = "".join(f'<tspan x="{x:.3f}" y="{first + i * LINE_HEIGHT * size:.3f}">{escape(line)}</tspan>' for i, line in enumerate(written))
    if value:
        spans += f'<tspan x="{x:.3f}" y="{first + len(written) * LINE_HEIGHT * size:.3f}" data-value="{escape(label)}"></tspan>'
    return f'<text data-of="{escape(label)}" font-size="{size:.4f}">{spans}</text>'


def _path(curve: Curve) -> str:
    points = np.asarray(curve)[::_POINTS_LEFT_OUT] * (1, -1)
    return "M" + "L".join(f"{x:.3f} {y:.3f}" for x, y in points) + "Z"
