"""Turn the first validation error of pydantic into a sentence for users."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from infomorphic.errors import InfomorphicError, did_you_mean
from infomorphic.quoting import quoted, shortened

# Names of settings in other libraries and commands.
_OTHER_NAMES = {"lr": "learning_rate", "rate": "learning_rate", "batch": "batch_size", "batchsize": "batch_size", "wd": "weight_decay"}


def first_sentence(error: ValidationError, model: type[BaseModel], where: str, prefix: str = "", elsewhere: Iterable[str] = ()) -> str:
    """Describe what is wrong with the first invalid setting.

    Args:
        error: the error of pydantic.
        model: the validated model.
        where: the name of the owner of the settings, for the message about an unknown setting.
        prefix: the prefix of its settings' names, such as `network.`.
        elsewhere: the names of other settings that the user may have meant.
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
    """Describe one validation error of pydantic about the value of the setting `name`."""
    cause = first.get("ctx", {}).get("error")
    rule = str(cause) if cause is not None else re.sub(r"^[A-Z][a-z]* should ", "must ", first["msg"])
    rule = rule if rule.startswith(("must ", "has ")) else f"must {rule[0].lower()}{rule[1:]}"
    if first["type"] in ("model_type", "dict_type"):
        rule = "must be a mapping from settings to values"
    if first["type"] == "missing":
        return f"`{shortened(name)}` must be given."
    return f"`{shortened(name)}` {rule}; got {quoted(first['input'])}."


def setting_paths(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """The names of all settings of a model; settings of a section are prefixed with its name and a dot."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from setting_paths(field.annotation, f"{prefix}{name}.")
        else:
            yield prefix + name


def paths_named(name: str, paths: Iterable[str]) -> list[str]:
    """The paths whose last part is this name, or the setting that has this name elsewhere."""
    wanted = name.lower().replace("-", "_")
    wanted = _OTHER_NAMES.get(wanted, wanted)
    return [path for path in paths if path.rpartition(".")[2] == wanted]


def _meant(name: str, paths: Iterable[str]) -> str:
    """Ask whether a setting of another section was meant."""
    found = paths_named(name, paths)
    return f" Did you mean {' or '.join(map(repr, found))}?" if found else ""


def _fields_at(model: type[BaseModel], path: Sequence[Any]) -> list[str]:
    for part in path:
        field = model.model_fields.get(str(part))
        if field is None or not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            return []
        model = field.annotation
    return list(model.model_fields)
