"""`infomorphic goals`: the published, contributed and saved goals, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from infomorphic.goals.saved import SavedGoal


def goals(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A published, contributed or saved goal, or an expression such as '{F}{C} - {F}{L}'. Without it, all goals are listed."
        ),
    ] = None,
    delete: Annotated[str | None, typer.Option("--delete", help="Delete a saved goal, such as saved/my-goal.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the published and contributed goals and those saved here, with their results, or show one with its meaning atom by atom.

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
    from infomorphic.cli.goals_text import ListedGoal, print_goals
    from infomorphic.cli.output import print_json
    from infomorphic.goals import Goal, gallery_goals

    listed = [ListedGoal(g.name, g.goal, g.source, g) for g in gallery_goals()]
    listed += [ListedGoal(g.name, Goal.parse(g.goal, g.sources), g.source) for g in _saved()]
    if json:
        print_json({"goals": {entry.name: entry.record() for entry in listed}})
    else:
        print_goals(listed)


def _saved() -> list[SavedGoal]:
    """The saved goals. If their file cannot be read, a warning and an empty list: the other goals do not depend on it."""
    import warnings

    from infomorphic.errors import GoalError, InfomorphicWarning
    from infomorphic.goals.saved import saved_goals

    try:
        return saved_goals()
    except GoalError as error:
        warnings.warn(f"{error} Only published and contributed goals are listed.", InfomorphicWarning, stacklevel=2)
        return []


def _show(name: str, json: bool) -> None:
    from infomorphic.cli.goals_text import ListedGoal, print_goal
    from infomorphic.cli.output import print_json
    from infomorphic.goals import gallery_goals
    from infomorphic.goals.saved import find_goal

    card = next((g for g in gallery_goals() if g.name == name), None)
    entry = ListedGoal(name, find_goal(name), None if card is None else card.source, card)
    if json:
        terms = [{"term": t.label, "weight": t.weight, "meaning": t.meaning} for t in entry.goal.terms()]
        print_json({"name": name, **entry.record(), "terms": terms})
    else:
        print_goal(entry)
