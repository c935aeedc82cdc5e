"""Describe settings for people: meaning, unit, default, allowed and published values. All of it is read from the models."""

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from textwrap import dedent
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from infomorphic.networks.about import DEFAULT, About
from infomorphic.networks.settings import Settings
from infomorphic.training.config import sections_of
from infomorphic.training.preset import preset


@dataclass(frozen=True)
class SettingDescription:
    """One setting, in words."""

    name: str
    """The name as in `--set NAME=VALUE`, such as `network.hidden`."""
    meaning: str
    unit: str
    """Empty for text, choices and numbers without a unit."""
    default: Any
    """As in JSON."""
    allowed: str
    """Which values are allowed."""
    published: str
    """The published value; empty if there is none."""


def describe_preset(name: str) -> list[SettingDescription]:
    """Every setting of a preset, in the order of its configuration.

    Args:
        name: a preset: built in, of an installed package, or in a file (`FILE.py:NAME`).

    Raises:
        ConfigurationError: if no preset has this name.
    """
    return [one for section, settings in sections_of(preset(name)).items() for one in describe_settings(settings, f"{section}.")]


def describe_settings(model: type[Settings], prefix: str = "") -> list[SettingDescription]:
    """Every setting of a model, whose fields all have defaults, and of its sections.

    Args:
        model: the settings.
        prefix: the start of their names, such as `network.`.
    """
    return list(_described(model, model().model_dump(mode="json"), prefix, About(published=DEFAULT if model.publication else ""), ""))


def written(value: Any) -> str:
    """A value as in `--set NAME=VALUE` or in a configuration file."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _described(
    model: type[BaseModel], defaults: Mapping[str, Any], prefix: str, outer: About, section: str
) -> Iterator[SettingDescription]:
    for name, field in model.model_fields.items():
        about, meaning, default = _about(field, outer), _meaning(model, name), defaults[name]
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _described(field.annotation, default, f"{prefix}{name}.", About(published=about.published), meaning)
            continue
        published = written(default) if about.published == DEFAULT else about.published
        if section:
            meaning = f"{section.removesuffix('.')}: {meaning[:1].lower()}{meaning[1:]}"
        yield SettingDescription(prefix + name, meaning, about.unit, default, about.allowed or _allowed(field), published)


def _about(field: FieldInfo, outer: About) -> About:
    """What the metadata of a field say; what holds for all fields of its class, where they do not say it."""
    found = [m for m in _metadata(field) if isinstance(m, About)]
    said = {name: next((text for about in reversed(found) if (text := getattr(about, name))), "") for name in ("unit", "allowed")}
    return About(**said, published=next((about.published for about in reversed(found) if about.published), outer.published))


def _allowed(field: FieldInfo) -> str:
    """The values that the type of a field and its bounds allow, in words."""
    kinds = [kind for kind in _choices(field.annotation) if kind is not NoneType]
    fixed = [written(value) for kind in kinds if get_origin(kind) is Literal for value in get_args(kind)]
    if fixed:
        text = ", ".join(fixed)
    elif int in kinds or float in kinds:
        text = ("a whole number" if int in kinds else "a number") + _range(field)
    else:
        text = {bool: "true, false", str: "text"}.get(kinds[0], "values with commas")
    return text + (", or null" if NoneType in _choices(field.annotation) else "")


def _range(field: FieldInfo) -> str:
    metadata = list(_metadata(field))
    # Of several bounds the strictest one holds.
    lowest = max((m.ge for m in metadata if isinstance(m, Ge)), default=None)  # type: ignore[type-var]
    highest = min((m.le for m in metadata if isinstance(m, Le)), default=None)  # type: ignore[type-var]
    above = next((m.gt for m in metadata if isinstance(m, Gt)), None)
    below = next((m.lt for m in metadata if isinstance(m, Lt)), None)
    starts = {" from ": lowest, " above ": above}
    ends = {" to " if lowest is not None else ", at most ": highest, ", below ": below}
    return "".join(
        next((f"{word}{_grouped(bound)}" for word, bound in bounds.items() if bound is not None), "") for bounds in (starts, ends)
    )


def _grouped(number: Any) -> str:
    """A number with commas between thousands."""
    return f"{int(number) if number == int(number) else number:,}"


def _choices(annotation: Any) -> list[Any]:
    """The members of a union, or the type itself, without metadata."""
    if get_origin(annotation) is Annotated:
        return _choices(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return [kind for member in get_args(annotation) for kind in _choices(member)]
    return [annotation]


def _metadata(field: FieldInfo) -> Iterator[Any]:
    """The metadata of a type: of the members of a union first, of the whole last."""
    yield from _nested(field.annotation)
    yield from _single(field.metadata)


def _nested(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        yield from _nested(inner)
        yield from _single(metadata)
    elif get_origin(annotation) in (Union, UnionType):
        for member in get_args(annotation):
            yield from _nested(member)


def _single(metadata: Any) -> Iterator[Any]:
    for one in metadata:
        yield from one.metadata if isinstance(one, FieldInfo) else (one,)


def _meaning(model: type[BaseModel], name: str) -> str:
    """The docstring below a field, in the class that declares it or in the nearest base class that has one."""
    return next((" ".join(text.split()) for base in model.__mro__ if (text := _docstrings(base).get(name))), "")


@cache
def _docstrings(model: type) -> dict[str, str]:
    """The docstring below each annotated name in the body of a class; empty if its source is not at hand."""
    try:
        body = ast.parse(dedent(inspect.getsource(model))).body[0]
    except (OSError, TypeError, SyntaxError):  # a class that was not written in a file
        return {}
    statements = body.body if isinstance(body, ast.ClassDef) else []
    return {
        before.target.id: inspect.cleandoc(after.value.value)
        for before, after in pairwise(statements)
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name)
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
    }
