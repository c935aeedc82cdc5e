"""`infomorphic goals`: the published goals, and what they mean."""

from typing import Annotated

import typer


def goals(
    name: Annotated[
        str | None, typer.Argument(help="A published goal, or an expression such as '{F}{C} - {F}{L}'. Left out: list all.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the published goals and those saved here, or show one with its meaning atom by atom.

    Example: `infomorphic goals trivariate/four-atoms`
    """
    if name is None:
        _list(json)
    else:
        _show(name, json)


def _list(json: bool) -> None:
    from infomorphic.cli.output import console, print_json
    from infomorphic.goals import Goal, published_goals
    from infomorphic.goals.saved import saved_goals

    listed = [(g.name, g.source) for g in published_goals()] + [(g.name, g.source) for g in saved_goals()]
    if json:
        goals_by_name = {name: {"sources": Goal.resolve(name).sources, "source": source} for name, source in listed}
        print_json({"goals": goals_by_name})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("goal", "sources", "from"):
        table.add_column(heading)
    for name, source in listed:
        table.add_row(name, ", ".join(Goal.resolve(name).sources), source)
    console().print(table)


def _show(name: str, json: bool) -> None:
    from infomorphic.cli.output import bold, console, print_json, signed_bar
    from infomorphic.goals import Goal

    goal = Goal.resolve(name)
    if json:
        terms = [{"term": d.label, "weight": d.weight, "meaning": d.meaning} for d in goal.describe()]
        print_json({"name": name, "goal": str(goal), "sources": list(goal.sources), "terms": terms})
        return
    from rich.table import Table

    out = console()
    out.print("\n", bold(name), f", a goal of the sources {', '.join(goal.sources)}\n", sep="")
    largest = max(abs(d.weight) for d in goal.describe())
    table = Table(box=None, pad_edge=False)
    for heading in ("term", "weight", "", "meaning"):
        table.add_column(heading, justify="right" if heading == "weight" else "left")
    for d in goal.describe():
        if d.weight or len(goal.weights) <= 18:
            table.add_row(
                d.label, f"{d.weight:.3f}" if d.weight else "0", signed_bar(d.weight, largest), d.meaning, style=None if d.weight else "dim"
            )
    out.print(table)
