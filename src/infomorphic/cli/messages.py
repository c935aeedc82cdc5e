"""Translate messages of the library for the command line: parameters become flags, and passwords are hidden."""

import os
import re
from collections.abc import Mapping, Sequence

from infomorphic.passwords import hide_passwords_of

_VARIABLES = ("INFOMORPHIC_STORAGE", "MLFLOW_TRACKING_URI")
"""Environment variables that hold addresses."""


def _addresses_of(arguments: Sequence[str]) -> list[str]:
    """The addresses on a command line and in the environment."""
    words = [word.partition("=")[2] if word.startswith("-") and "=" in word else word for word in arguments]
    words = [w for w, before in zip(words, ["", *arguments], strict=False) if before == "--storage" or "@" in w or "://" in w]
    # The part after a prefix such as `mlflow:`.
    return [*words, *(w[w.find(":") + 1 :] for w in words), *(os.environ.get(name, "") for name in _VARIABLES)]


def with_flags(message: str, flags: Mapping[str, str]) -> str:
    """Replace parameters such as `any_code=True` or `trials` by the command's flags, where it has them.

    Args:
        flags: the flag of each parameter of the command, by name.
    """

    def flag(found: re.Match[str]) -> str:
        name, value = found.group(1), found.group(2)
        if name not in flags:
            return found.group()
        # `missing='drop'` is --drop-missing.
        said = value is None or value == "True" or value.strip("'\"") in flags[name].removeprefix("--").split("-")
        return flags[name] if said else f"{flags[name]} {value}"

    return re.sub(r"`(\w+)(?:=([^`]+))?`", flag, message)


def for_people(message: str, arguments: Sequence[str], flags: Mapping[str, str]) -> str:
    """The message of a failure or a warning as the command line shows it."""
    return hide_passwords_of(_addresses_of(arguments), with_flags(message, flags))


def hint_of_setting(error: Exception, arguments: Sequence[str]) -> str:
    """For an unknown option of `train`: a hint to the setting of this name, for --set; empty for any other error."""
    option = getattr(error, "option_name", None)
    if not isinstance(option, str) or arguments[:1] != ["train"]:
        return ""
    from infomorphic.training.complaints import paths_named
    from infomorphic.training.config import setting_names
    from infomorphic.training.preset import default_preset, presets

    chosen = next((word for word in arguments[1:] if word in presets()), default_preset().name)
    found = paths_named(option.lstrip("-"), setting_names(chosen))
    return f". Write {' or '.join(f'--set {path}=VALUE' for path in found)}." if found else ""
