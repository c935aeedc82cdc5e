"""`infomorphic presets`: the networks that can be trained by name, and their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from infomorphic.cli.options import Json

if TYPE_CHECKING:
    from infomorphic.training.described import SettingDescription


def presets(
    name: Annotated[
        str | None, typer.Argument(metavar="[PRESET]", help="A preset, or FILE.py:NAME. Without it, all presets are listed.")
    ] = None,
    json: Json = False,
) -> None:
    """List the presets, or every setting of one with its default, unit, allowed and published values.

    Change a setting with `infomorphic train PRESET --set NAME=VALUE`.

    Example: `infomorphic presets setup-1`
    """
    if name is None:
        _list(json)
    else:
        _show(name, json)


def _list(json: bool) -> None:
    from infomorphic.cli.output import console, print_json
    from infomorphic.training.preset import presets

    found = presets()
    if json:
        print_json({"presets": {one.name: {"task": one.task.name, "summary": one.summary} for one in found.values()}})
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("preset", "task", "what it is"):
        table.add_column(heading)
    for one in found.values():
        table.add_row(one.name, one.task.name, one.summary + (" (the default)" if one.is_default else ""))
    console().print(table)
    typer.echo("\nShow the settings of one with: infomorphic presets NAME")


def _show(name: str, json: bool) -> None:
    from dataclasses import asdict

    from infomorphic.cli.output import bold, console, print_json
    from infomorphic.training.described import describe_preset, written
    from infomorphic.training.preset import preset

    chosen, found = preset(name), describe_preset(name)
    if json:
        settings = {one.name: {key: value for key, value in asdict(one).items() if key != "name"} for one in found}
        print_json({"preset": chosen.name, "task": chosen.task.name, "summary": chosen.summary, "settings": settings})
        return
    from rich.padding import Padding

    out = console()
    out.print(bold(chosen.name), f", {chosen.summary}\n", sep="")
    for one in found:
        out.print(bold(one.name), f"={written(one.default)}", sep="")
        out.print(Padding(_in_words(one), (0, 0, 0, 4), expand=False))
    typer.echo(f"\nChange a setting with: infomorphic train {chosen.name} --set {found[0].name}=VALUE")


def _in_words(one: SettingDescription) -> str:
    unit = f" ({one.unit})" if one.unit else ""
    published = f" Published: {one.published}." if one.published else ""
    return f"{one.meaning} Allowed: {one.allowed}{unit}.{published}".lstrip()
