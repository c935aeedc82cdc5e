"""The first complaint of pydantic about settings, in words of the user."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from infomorphic.errors import InfomorphicError, did_you_mean
from infomorphic.quoting import quoted, shortened

# What other libraries and other commands call a setting.
_OTHER_NAMES = {"lr": "learning_rate", "rate": "learning_rate", "batch": "batch_size", "batchsize": "batch_size", "wd": "weight_decay"}


def first_sentence(error: ValidationError, model: type[BaseModel], where: str, prefix: str = "", elsewhere: Iterable[str] = ()) -> str:
    """What is wrong with the first setting that is not right.

    Args:
        error: of pydantic.
        model: what was validated.
        where: what has the settings, for a setting that does not exist.
        prefix: what stands before the names of its settings, such as `network.`.
        elsewhere: the names of all settings that might have been meant.
    """
    first = error.errors(include_url=False)[0]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InfomorphicError):
        return str(cause)
    name = prefix + ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = _fields_at(model, first["loc"][:-1])
        hint = did_you_mean(str(first["loc"][-1]), known) or _meant(str(first["loc"][-1]), elsewhere)
        return f"{where} has no setting {quoted(name)}; it has {', '.join(known)}.{hint}"
    return sentence_of(first, name)


def sentence_of(first: Mapping[str, Any], name: str) -> str:
    """One complaint of pydantic about the value of the setting `name`."""
    cause = first.get("ctx", {}).get("error")
    rule = str(cause) if cause is not None else re.sub(r"^[A-Z][a-z]* should ", "must ", first["msg"])
    rule = rule if rule.startswith(("must ", "has ")) else f"must {rule[0].lower()}{rule[1:]}"
    if first["type"] in ("model_type", "dict_type"):
        rule = "must be a mapping from settings to values"
    if first["type"] == "missing":
        return f"`{shortened(name)}` must be given."
    return f"`{shortened(name)}` {rule}; got {quoted(first['input'])}."


def setting_paths(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """The names of all settings of a model, those of its sections behind the names of these and a dot."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from setting_paths(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name


def paths_named(name: str, paths: Iterable[str]) -> list[str]:
    """Those of the paths whose last part is this name, or what the name stands for elsewhere."""
    wanted = name.lower().replace("-", "_")
    wanted = _OTHER_NAMES.get(wanted, wanted)
    return [path for path in paths if path.rpartition(".")[2] == wanted]


def _meant(name: str, paths: Iterable[str]) -> str:
    """A question whether a setting of another place was meant."""
    found = paths_named(name, paths)
    return f" Did you mean {' or '.join(map(repr, found))}?" if found else ""


def _fields_at(model: type[BaseModel], path: Sequence[Any]) -> list[str]:
    for part in path:
        field = model.model_fields.get(str(part))
        if field is None or not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            return []
        model = field.annotation
    return list(model.model_fields)
