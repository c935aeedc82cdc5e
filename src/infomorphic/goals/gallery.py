"""The gallery of goals: every published and every contributed goal, with the results of each, from a packaged data file.

To contribute a goal, add an entry to that file.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from infomorphic.errors import UnknownGoalError, did_you_mean
from infomorphic.goals.goal import Goal
from infomorphic.goals.published import published_goals
from infomorphic.quoting import quoted

CONTRIBUTED = "contributed/"
"""The prefix of the names of contributed goals."""
GALLERY_PAGE = "docs/gallery/goals.md"
"""The page of the documentation with a card for each goal."""


@dataclass(frozen=True)
class PublishedResult:
    """A result that a paper gives."""

    value: float
    source: str
    """The paper and the place in it, and what the value is."""
    range: tuple[float, float] | None = None
    """The lowest and the highest run, if they are published."""


@dataclass(frozen=True)
class MeasuredResult:
    """A result of this package, from a file in `results`."""

    value: float
    """The median of the runs; for memories the capacity by their mean score."""
    runs: int
    file: str
    """The path of the file, which has one row per run."""
    command: str
    """The command of the first run, or that of the study."""
    commit: str
    """The commits of this repository that it was measured with."""
    setting: str | None = None
    """How the runs differ from the defaults, such as "with soft bins"; None if they do not."""


@dataclass(frozen=True)
class GalleryGoal:
    """A published or contributed goal with its results."""

    name: str
    """Such as `trivariate/four-atoms`, or `contributed/avoid-neighbors`."""
    goal: Goal
    source: str
    """Where the goal was published or is explained."""
    about: str
    """The neurons that the goal is for, or what it is good for."""
    by: str | None
    """Who contributed the goal; None for a published one."""
    preset: str
    """The network that the goal is for."""
    quantity: str
    """What the results are: a key of `quantities`."""
    published: PublishedResult | None
    measured: MeasuredResult | None

    @property
    def page(self) -> str:
        """The card of the goal in the documentation, with a picture of neurons and a link to try it in a browser."""
        return f"{GALLERY_PAGE}#{self.name.replace('/', '-')}"

    def shown(self, result: PublishedResult | MeasuredResult | None) -> str:
        """The value of a result as text; a dash without one. Capacities are numbers, all other results are percentages."""
        if result is None:
            return "–"
        # 91.85 % is a little less in binary; it rounds up, as on paper.
        return f"{result.value:.2f}" if self.quantity == "memory" else f"{100 * result.value + 1e-9:.1f} %"


def quantities() -> dict[str, str]:
    """What the results of the gallery are, in words, by the key that goals refer to."""
    return dict(_file()["quantities"])


@lru_cache
def gallery_goals() -> tuple[GalleryGoal, ...]:
    """Every published goal in the order of the published models, then every contributed goal in the order of the data file."""
    file = _file()
    published = [_entry(g.name, Goal.published(g.name), g.source, g.about, file["published"][g.name]) for g in published_goals()]
    contributed = [
        _entry(CONTRIBUTED + key, Goal.parse(entry["goal"], entry["sources"]), entry["source"], entry["about"], entry)
        for key, entry in file["contributed"].items()
    ]
    return (*published, *contributed)


def contributed_goal(name: str) -> Goal:
    """The goal `contributed/NAME`.

    Raises:
        UnknownGoalError: if no goal was contributed under this name; suggests the nearest.
    """
    known = {g.name: g.goal for g in gallery_goals() if g.name.startswith(CONTRIBUTED)}
    if name not in known:
        raise UnknownGoalError(
            f"a contributed goal must be one of {', '.join(known)}; got {quoted(name)}.{did_you_mean(name[:100], list(known))}"
        )
    return known[name]


@lru_cache
def _file() -> dict[str, dict]:
    return json.loads((files("infomorphic.goals") / "gallery.json").read_text(encoding="utf-8"))


def _entry(name: str, goal: Goal, source: str, about: str, entry: dict) -> GalleryGoal:
    published, measured = entry.get("published"), entry.get("measured")
    if published and "range" in published:
        published = {**published, "range": tuple(published["range"])}
    return GalleryGoal(
        name=name,
        goal=goal,
        source=source,
        about=about,
        by=entry.get("by"),
        preset=entry["preset"],
        quantity=entry["quantity"],
        published=PublishedResult(**published) if published else None,
        measured=MeasuredResult(**measured) if measured else None,
    )
