"""What a run is made from: validated, in YAML, every default the published value. Unknown keys are errors."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, SerializeAsAny, ValidationError, model_validator

from infomorphic.errors import ConfigurationError, InfomorphicError, did_you_mean
from infomorphic.networks.presets import preset
from infomorphic.networks.settings import NetworkSettings, Settings
from infomorphic.training.settings import DataSettings, TrainingSettings
from infomorphic.training.tasks import task_of

_Model = TypeVar("_Model", bound=BaseModel)
_Section = TypeVar("_Section", bound=Settings)


class TrainConfig(Settings):
    """Everything that a run is made from: a preset, the settings of its network, the data, the training."""

    preset: str = "setup-1"
    network: SerializeAsAny[NetworkSettings]
    data: SerializeAsAny[DataSettings]
    training: SerializeAsAny[TrainingSettings]

    @model_validator(mode="before")
    @classmethod
    def _settings_of_the_preset(cls, values: Any) -> Any:
        # Each preset has settings of its own, so one that it does not use is an error and not silently ignored.
        if not isinstance(values, Mapping):
            raise ConfigurationError(f"a configuration must be a mapping of sections; got {values!r}.")
        chosen = preset(str(values.get("preset", "setup-1")))
        task = task_of(chosen.name)
        sections: dict[str, type[Settings]] = {"network": chosen.module.Settings, "data": task.Data, "training": task.Training}
        whole = {name: _section(name, settings, values.get(name), chosen.name) for name, settings in sections.items()}
        return {**values, **whole}

    def section(self, name: Literal["network", "data", "training"], kind: type[_Section]) -> _Section:
        """A section as the settings of the task that it is asked by.

        Raises:
            ConfigurationError: if the preset is for another task.
        """
        section = getattr(self, name)
        if not isinstance(section, kind):
            raise ConfigurationError(f"preset {self.preset!r} is for the task {self.network.task!r}; this works on {_in_words(kind)}.")
        return section

    def with_training(self, **changes: Any) -> "TrainConfig":
        """The same with other values in the section `training`, which must be valid."""
        return self.model_copy(update={"training": self.training.model_copy(update=changes)})

    @classmethod
    def make(cls, values: Mapping[str, Any] | None = None, overrides: Sequence[str] = ()) -> "TrainConfig":
        """The configuration of a nested mapping, with overrides such as `network.hidden=200`.

        Raises:
            ConfigurationError: if a section or a setting does not exist or has no valid value.
        """
        nested = _copied(values or {})
        for override in overrides:
            key, equals, value = override.partition("=")
            if not equals or not key.strip():
                raise ConfigurationError(f"a setting must be written as section.field=value; got {override!r}.")
            _assign(nested, key.strip().split("."), _value(value), override)
        return _validated(cls, nested, "the configuration", "")

    @classmethod
    def load(cls, path: Path, overrides: Sequence[str] = ()) -> "TrainConfig":
        """The configuration in a YAML file."""
        try:
            values = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{path} cannot be read: {error}.") from error
        except yaml.YAMLError as error:
            raise ConfigurationError(f"{path} is not valid YAML: {' '.join(str(error).split())}.") from error
        if not isinstance(values, Mapping):
            holds = "is empty" if values is None else f"holds {values!r}"
            raise ConfigurationError(f"{path} must hold sections (preset, network, data, training); it {holds}.")
        return cls.make(values, overrides)

    def to_yaml(self) -> str:
        """The whole configuration as YAML that `load` reads back."""
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


def _in_words(kind: type[Settings]) -> str:
    """`LabelledImages` as "labelled images"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind.__name__).strip()


def _section(name: str, settings: type[Settings], given: Any, preset_name: str) -> Any:
    """One section's settings; what is not given keeps the preset's values, inside subsections too."""
    if not isinstance(given, Mapping | None):
        return given
    return _validated(settings, _merged(settings().model_dump(), given or {}), f"preset {preset_name}", f"{name}.")


def _validated(model: type[_Model], values: Mapping[str, Any], where: str, prefix: str) -> _Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(_first_sentence(error, model, where, prefix)) from error


def _first_sentence(error: ValidationError, model: type[BaseModel], where: str, prefix: str) -> str:
    """The first of pydantic's complaints in words of the user's file."""
    first = error.errors(include_url=False)[0]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InfomorphicError):
        return str(cause)
    name = prefix + ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = _fields_at(model, first["loc"][:-1])
        return f"{where} has no setting {name!r}; it has {', '.join(known)}.{did_you_mean(str(first['loc'][-1]), known)}"
    return f"{name}: {first['msg'][0].lower()}{first['msg'][1:]}; got {first['input']!r}."


def _fields_at(model: type[BaseModel], path: Sequence[Any]) -> list[str]:
    for part in path:
        annotation = model.model_fields[str(part)].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        model = annotation
    return list(model.model_fields)


def _value(text: str) -> Any:
    """What the right-hand side of an override says in YAML. Atoms look like YAML's mappings to it, so a goal is text."""
    try:
        value = yaml.safe_load(text) if text.strip() else text
    except yaml.YAMLError:
        return text
    return text if isinstance(value, dict) and not any(value.values()) else value


def _copied(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: _copied(v) if isinstance(v, Mapping) else v for k, v in values.items()}


def _merged(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(defaults)
    for key, value in given.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _assign(nested: dict[str, Any], path: Sequence[str], value: Any, override: str) -> None:
    for part in path[:-1]:
        nested = nested.setdefault(part, {})
        if not isinstance(nested, dict):
            raise ConfigurationError(f"{override!r} sets a field of {part!r}, which is no section.")
    nested[path[-1]] = value
