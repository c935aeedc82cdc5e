"""`infomorphic goals`: the published and the saved goals, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from infomorphic.goals import Goal
    from infomorphic.goals.saved import SavedGoal

_LEADING_TERMS = 3


def goals(
    name: Annotated[
        str | None,
        typer.Argument(help="A published or saved goal, or an expression such as '{F}{C} - {F}{L}'. Without it, all goals are listed."),
    ] = None,
    delete: Annotated[str | None, typer.Option("--delete", help="Delete a saved goal, such as saved/my-goal.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the published goals and those saved here, or show one with its meaning atom by atom.

    Example: `infomorphic goals trivariate/four-atoms`
    """
    if delete is not None:
        if name is not None:
            raise typer.BadParameter("a goal is either shown or deleted; give only one of them.", param_hint="'--delete'")
        _delete(delete, json)
    elif name is None:
        _list(json)
    else:
        _show(name, json)


def _delete(name: str, json: bool) -> None:
    from infomorphic.cli.output import print_json
    from infomorphic.goals.saved import delete_goal

    deleted = delete_goal(name)
    if json:
        print_json({"deleted": deleted.name, "goal": deleted.goal, "sources": list(deleted.sources)})
    else:
        typer.echo(f"deleted {deleted.name}: {deleted.goal}")


def _list(json: bool) -> None:
    from infomorphic.cli.output import console, print_json, printable
    from infomorphic.goals import Goal, published_goals

    listed = [(g.name, Goal.published(g.name), g.source) for g in published_goals()]
    listed += [(g.name, Goal.parse(g.goal, g.sources), g.source) for g in _saved()]
    if json:
        print_json({"goals": {name: {"sources": goal.sources, "source": source} for name, goal, source in listed}})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("goal", "sources", "largest terms"):
        table.add_column(heading)
    for name, goal, _ in listed:
        table.add_row(name, ", ".join(goal.sources), _leading_terms(goal))
    out = console()
    out.print(table)
    # Many goals share a publication, so it is named once.
    origins: dict[str, dict[str, None]] = {}
    for name, _, source in listed:
        origins.setdefault(source, {})[name if name.startswith("saved/") else name.partition("/")[0]] = None
    out.print()
    for source, names in origins.items():
        out.print(printable(f"{', '.join(names)}: {source}"), style="dim")


def _saved() -> list[SavedGoal]:
    """The saved goals. If their file cannot be read, a warning and an empty list: published goals do not depend on it."""
    import warnings

    from infomorphic.errors import GoalError, InfomorphicWarning
    from infomorphic.goals.saved import saved_goals

    try:
        return saved_goals()
    except GoalError as error:
        warnings.warn(f"{error} Only published goals are listed.", InfomorphicWarning, stacklevel=2)
        return []


def _leading_terms(goal: Goal) -> str:
    terms = goal.leading_terms()
    shown = " ".join(f"{t.weight:+.3g} {t.label}" for t in terms[:_LEADING_TERMS])
    return shown + (f" and {len(terms) - _LEADING_TERMS} more" if len(terms) > _LEADING_TERMS else "")


def _show(name: str, json: bool) -> None:
    from infomorphic.cli.output import bold, console, print_json, signed_bar
    from infomorphic.goals.description import terms_of_weight_zero
    from infomorphic.goals.saved import find_goal

    goal = find_goal(name)
    if json:
        terms = [{"term": t.label, "weight": t.weight, "meaning": t.meaning} for t in goal.terms()]
        print_json({"name": name, "goal": str(goal), "sources": list(goal.sources), "sentence": goal.describe(), "terms": terms})
        return
    from rich.table import Table

    out = console()
    out.print("\n", bold(name), f", a goal of the sources {', '.join(goal.sources)}\n", sep="")
    out.print(f"{goal.describe()}\n")
    weighted = goal.leading_terms()
    largest = max((abs(t.weight) for t in weighted), default=0.0)
    table = Table(box=None, pad_edge=False)
    for heading in ("term", "weight", "", "meaning"):
        table.add_column(heading, justify="right" if heading == "weight" else "left")
    for t in weighted:
        table.add_row(t.label, f"{t.weight:.3g}" if abs(t.weight) < 5e-4 else f"{t.weight:.3f}", signed_bar(t.weight, largest), t.meaning)
    if weighted:
        out.print(table)
    if rest := terms_of_weight_zero(len(goal.terms()) - len(weighted), bool(weighted)):
        out.print(rest, style="dim")
