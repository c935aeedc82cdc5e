"""Goals as text: a list, or one goal term by term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from infomorphic.cli.output import bold, console, printable, signed_bar

if TYPE_CHECKING:
    from infomorphic.goals import GalleryGoal, Goal

_LEADING_TERMS = 3
_IN_WORDS = 2
"""The number of terms that the sentences of the list name."""


@dataclass(frozen=True)
class ListedGoal:
    """A goal under a name."""

    name: str
    goal: Goal
    source: str | None
    card: GalleryGoal | None = None
    """Its entry in the gallery; None for saved goals and expressions."""

    def record(self) -> dict[str, Any]:
        """Everything that is known of the goal, for JSON; what is unknown is None."""
        from infomorphic.goals import quantities

        card = self.card
        return {
            "goal": str(self.goal),
            "sources": list(self.goal.sources),
            "sentence": self.goal.describe(),
            "source": self.source,
            "about": card and card.about,
            "by": card and card.by,
            "page": card and card.page,
            "preset": card and card.preset,
            "quantity": card and quantities()[card.quantity],
            "published": card and card.published and asdict(card.published),
            "measured": card and card.measured and asdict(card.measured),
        }


def print_goals(listed: Sequence[ListedGoal]) -> None:
    """Print each goal with its results, its largest terms and a sentence, then what the results are and where the goals come from."""
    from rich.padding import Padding
    from rich.text import Text

    from infomorphic.goals import quantities
    from infomorphic.goals.description import leading_terms_text
    from infomorphic.goals.gallery import GALLERY_PAGE

    out = console()
    width = 2 + max(len(entry.name) for entry in listed if entry.card is not None)
    out.print(_row(width, "goal", "sources", "published", "measured", "runs"))
    for entry in listed:
        published, measured, runs = _results(entry.card)
        row = Text(_row(width, entry.name, ", ".join(entry.goal.sources), published, measured, runs))
        row.stylize("bold", 0, len(entry.name))
        out.print(row)
        for line in (leading_terms_text(entry.goal.leading_terms(), _LEADING_TERMS), entry.goal.describe(most=_IN_WORDS)):
            out.print(Padding(Text(line), (0, 0, 0, 2), expand=False))
    out.print()
    words = quantities()
    usual, *others = words
    out.print(f"published, measured: {words[usual]}; the median of the runs", style="dim")
    by_quantity = {key: [e.name for e in listed if e.card is not None and e.card.quantity == key] for key in others}
    # Many goals share a publication, so it is named once.
    by_source: dict[str, list[str]] = {}
    for entry in listed:
        by_source.setdefault(str(entry.source), []).append(entry.name)
    for text, names in (*((words[key], names) for key, names in by_quantity.items()), *by_source.items()):
        out.print(printable(f"{', '.join(_short(names, listed))}: {text}"), style="dim")
    out.print(f"Neurons trained with each goal, and links to try it in a browser: {GALLERY_PAGE}", style="dim")


def print_goal(entry: ListedGoal) -> None:
    """Print one goal in sentences, its results, and its terms of weights other than zero."""
    from rich.table import Table

    from infomorphic.goals.description import terms_of_weight_zero

    out = console()
    goal = entry.goal
    out.print("\n", bold(entry.name), f", a goal of the sources {', '.join(goal.sources)}\n", sep="")
    out.print(f"{goal.describe()}\n")
    if entry.card is not None:
        out.print(f"{_results_sentence(entry.card)}\n")
        out.print(f"Neurons trained with it, and a link to try it in a browser: {entry.card.page}\n")
    terms = goal.leading_terms()
    largest = max((abs(t.weight) for t in terms), default=0.0)
    table = Table(box=None, pad_edge=False)
    for heading in ("term", "weight", "", "meaning"):
        table.add_column(heading, justify="right" if heading == "weight" else "left")
    for t in terms:
        table.add_row(t.label, f"{t.weight:.3g}" if abs(t.weight) < 5e-4 else f"{t.weight:.3f}", signed_bar(t.weight, largest), t.meaning)
    if terms:
        out.print(table)
    if rest := terms_of_weight_zero(len(goal.terms()) - len(terms), bool(terms)):
        out.print(rest, style="dim")


def _row(width: int, name: str, sources: str, published: str, measured: str, runs: str) -> str:
    # A name that is longer than its column moves the others to the right.
    return f"{name:{width - 2}}  {sources:7}  {published:>9}  {measured:>8}  {runs:>4}"


def _results(card: GalleryGoal | None) -> tuple[str, str, str]:
    if card is None:
        return "–", "–", ""
    return card.shown(card.published), card.shown(card.measured), "" if card.measured is None else str(card.measured.runs)


def _results_sentence(card: GalleryGoal) -> str:
    from infomorphic.goals import quantities

    words = quantities()[card.quantity]
    published = f"published {card.shown(card.published)}" + (f" ({card.published.source})" if card.published else "")
    measured = f"measured {card.shown(card.measured)}"
    if card.measured is not None:
        runs = f"{card.measured.runs} {'run' if card.measured.runs == 1 else 'runs'}"
        measured += f" ({runs}{f' {card.measured.setting}' if card.measured.setting else ''}, {card.measured.file})"
    return f"{words[0].upper()}{words[1:]}: {published}; {measured}."


def _short(names: Sequence[str], listed: Sequence[ListedGoal]) -> list[str]:
    """The names; one prefix, such as `memory`, in place of all names that have it. Saved names stay: each has a source of its own."""
    shortened: dict[str, None] = {}
    for name in names:
        prefix = name.partition("/")[0]
        with_prefix = [entry.name for entry in listed if entry.name.startswith(f"{prefix}/")]
        shortened[prefix if prefix != "saved" and set(with_prefix) <= set(names) else name] = None
    return list(shortened)
