"""The pages of the playground: self-contained files that need no server and no network."""

from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from infomorphic.errors import RunError
from infomorphic.files import replace_file
from infomorphic.goals.gallery import GalleryGoal, gallery_goals
from infomorphic.goals.goal import RESIDUAL_ENTROPY, Goal
from infomorphic.goals.meaning import residual_entropy_term
from infomorphic.pid.antichains import Antichain
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.pid.names import names_of
from infomorphic.pid.words import format_bits, phrase, sentence
from infomorphic.playground.digits import packed_digits
from infomorphic.plots.hasse_layout import hasse_edges, hasse_positions
from infomorphic.reports.diagram import diagram_template
from infomorphic.reports.rendering import asset, render


class Page(NamedTuple):
    """A page of the playground."""

    file: str
    title: str
    introduction: str
    scripts: tuple[str, ...]
    content: Callable[[], dict[str, Any]]
    """What its scripts find in the page."""
    styles: tuple[str, ...] = ()


ENGINE = ("linear.js", "unique.js", "surprisal.js", "engine.js")
"""The scripts that decompose, which every page has."""
_MOST_SOURCES = 3
_SAMPLE = 1.23456789
_TASKS = {"bars": "FC", "digits": "FCL", "context": "FC", "lateral": "FL"}
"""The tasks of the page of goals, by their names in `tasks.js`, with the sources of their neurons."""
_TASKS_OF_PRESETS = {
    "bars": ("bars",),
    "setup-1": ("digits",),
    "context": ("context",),
    "lateral": ("lateral", "bars"),
    # The page trains no memory and no single readout. These goals are shown where C is what it is for them: neurons of the same layer, or a label.
    "memory": ("bars",),
    "readout": ("context",),
}
"""The tasks that show the goals of a preset, the first one first."""


def tasks_of(goal: GalleryGoal) -> tuple[str, ...]:
    """The tasks of the page Goals that can train neurons with a goal, by their names in its address, the most similar to its preset first."""
    return _TASKS_OF_PRESETS.get(goal.preset, ())


def goal_address(goal: GalleryGoal, task: str, neurons: int, seed: int, steps: int) -> str:
    """The address of the page Goals, relative to the playground, with a goal of the gallery and a training of so many steps."""
    state = {"task": task, "goal": goal.name, "neurons": neurons, "seed": seed, "steps": steps}
    return f"goals.html#{urlencode(state)}"


def _lattices() -> dict[str, Any]:
    """Pictures and words of the lattices of one to three sources."""
    return {"lattices": {str(n): _words(n) | _pictures(n) for n in range(1, _MOST_SOURCES + 1)}}


def _goals() -> dict[str, Any]:
    """Words of the lattices, diagrams by the sources of neurons, goals of the gallery by task, the residual entropy in words, and the digits."""
    published: dict[str, dict[str, Any]] = {task: {} for task in _TASKS}
    for entry in gallery_goals():
        for task in tasks_of(entry):
            published[task][entry.name] = _goal_of_task(entry.goal, _TASKS[task])
    return {
        "lattices": {str(len(sources)): _words(len(sources)) for sources in _TASKS.values()},
        "diagrams": {sources: diagram_template(sources) for sources in _TASKS.values()},
        "published": published,
        "residualEntropy": residual_entropy_term(RESIDUAL_ENTROPY, 0.0).phrase,
        "digits": packed_digits(),
    }


def _goal_of_task(goal: Goal, sources: str) -> dict[str, Any]:
    """The weights other than zero of a goal, with the letters of a task: neurons that learn bars receive each other as C, not as L."""
    letters = str.maketrans(dict(zip(goal.sources, sources, strict=True)))
    weights = {label.translate(letters): weight for label, weight in goal.weights.items() if weight}
    return {"weights": weights, "residualEntropy": goal.residual_entropy}


PAGES = (
    Page(
        "gates.html",
        "Gates",
        "What do sources provide about a target: each alone, redundantly, or only together? Choose a gate, or drag its probabilities. "
        "Point at a region of the diagram.",
        ("gates.js",),
        _lattices,
    ),
    Page(
        "table.html",
        "Your table",
        "Drop a CSV file, choose a target and one to three sources, and see what they provide, and whether chance would give as much. "
        "Nothing leaves your browser.",
        ("csv.js", "table.js"),
        _lattices,
    ),
    Page(
        "goals.html",
        "Goals",
        "Give neurons a goal made of information, and watch what they learn from it. Click a region of the diagram: once rewards it, twice "
        "punishes it. Everything runs in your browser.",
        ("objective.js", "layer.js", "tasks.js", "learning.js", "goal.js", "uplot.min.js", "charts.js", "tours.js", "goals.js"),
        _goals,
        ("uplot.min.css",),
    ),
)


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
    written = []
    for page in PAGES:
        html = render(
            ("infomorphic.playground", "static", "playground.html.j2"),
            page.content(),
            style="".join([asset("style.css"), *map(_own, page.styles), _own("playground.css")]),
            scripts=[*map(_own, ENGINE), asset("common.js"), asset("figures.js"), *map(_own, ("shared.js", *page.scripts))],
            title=page.title,
            introduction=page.introduction,
            pages=[(p.file, p.title) for p in PAGES],
        )
        replace_file(out / page.file, html.encode(), "write the playground again")
        written.append(out / page.file)
    return written


def _pictures(num_sources: int) -> dict[str, Any]:
    lattice = redundancy_lattice(num_sources)
    return {
        "diagram": diagram_template("123"[:num_sources]),
        "positions": hasse_positions(num_sources).tolist(),
        "edges": hasse_edges(lattice).tolist(),
    }


def _words(num_sources: int) -> dict[str, Any]:
    """The sentences and phrases on every atom, with placeholders for its value and for names."""
    atoms = dict(zip(redundancy_lattice(num_sources).labels(), redundancy_lattice(num_sources).antichains, strict=True))
    return {
        "sentences": {label: _sentences(atom, num_sources) for label, atom in atoms.items()},
        "phrases": {label: phrase(atom, _placeholders(num_sources)) for label, atom in atoms.items()},
    }


def _sentences(antichain: Antichain, num_sources: int) -> dict[str, str]:
    """The sentence on an atom of each sign, with placeholders for its value and for names."""
    names = names_of([*_placeholders(num_sources), "{target}"], num_sources)
    values = {"positive": _SAMPLE, "zero": 0.0, "negative": -_SAMPLE}
    return {kind: sentence(antichain, names, bits).replace(format_bits(bits), "{bits}") for kind, bits in values.items()}


def _placeholders(num_sources: int) -> list[str]:
    return [f"{{source {i}}}" for i in range(1, num_sources + 1)]


def _own(name: str) -> str:
    return resources.files("infomorphic.playground").joinpath("static", name).read_text(encoding="utf-8")
