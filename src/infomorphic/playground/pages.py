"""The pages of the playground: self-contained files that need no server and no network."""

from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from infomorphic.errors import RunError
from infomorphic.files import replace_file
from infomorphic.pid.antichains import Antichain
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.pid.names import names_of
from infomorphic.pid.words import format_bits, sentence
from infomorphic.plots.hasse_layout import hasse_edges, hasse_positions
from infomorphic.reports.diagram import diagram_template
from infomorphic.reports.rendering import asset, render


class Page(NamedTuple):
    """A page of the playground."""

    file: str
    title: str
    introduction: str
    scripts: tuple[str, ...]


PAGES = (
    Page(
        "gates.html",
        "Gates",
        "What do sources provide about a target: each alone, redundantly, or only together? Choose a gate, or drag its probabilities. "
        "Point at a region of the diagram.",
        ("gates.js",),
    ),
    Page(
        "table.html",
        "Your table",
        "Drop a CSV file, choose a target and one to three sources, and see what they provide, and whether chance would give as much. "
        "Nothing leaves your browser.",
        ("csv.js", "table.js"),
    ),
)
_MOST_SOURCES = 3
_SAMPLE = 1.23456789


def write_playground(out: Path) -> list[Path]:
    """Write the pages into a folder, which is made if it does not exist.

    Returns:
        The files, the first page first.

    Raises:
        RunError: if `out` is a file or cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"`out` must be a folder that can be written; got {out} ({error.strerror}).") from None
    lattices = {str(n): _lattice(n) for n in range(1, _MOST_SOURCES + 1)}
    written = []
    for page in PAGES:
        html = render(
            ("infomorphic.playground", "static", "playground.html.j2"),
            {"lattices": lattices},
            style=asset("style.css") + _own("playground.css"),
            scripts=[_own("engine.js"), asset("common.js"), asset("figures.js"), _own("shared.js"), *(_own(s) for s in page.scripts)],
            title=page.title,
            introduction=page.introduction,
            pages=[(p.file, p.title) for p in PAGES],
        )
        replace_file(out / page.file, html.encode(), "write the playground again")
        written.append(out / page.file)
    return written


def _lattice(num_sources: int) -> dict[str, Any]:
    """The pictures and the sentences of a lattice."""
    lattice = redundancy_lattice(num_sources)
    return {
        "diagram": diagram_template("123"[:num_sources]),
        "positions": hasse_positions(num_sources).tolist(),
        "edges": hasse_edges(lattice).tolist(),
        "sentences": {label: _sentences(a, num_sources) for label, a in zip(lattice.labels(), lattice.antichains, strict=True)},
    }


def _sentences(antichain: Antichain, num_sources: int) -> dict[str, str]:
    """The sentence on an atom of each sign, with placeholders for its value and for names."""
    names = names_of([*(f"{{source {i}}}" for i in range(1, num_sources + 1)), "{target}"], num_sources)
    values = {"positive": _SAMPLE, "zero": 0.0, "negative": -_SAMPLE}
    return {kind: sentence(antichain, names, bits).replace(format_bits(bits), "{bits}") for kind, bits in values.items()}


def _own(name: str) -> str:
    return resources.files("infomorphic.playground").joinpath("static", name).read_text(encoding="utf-8")
