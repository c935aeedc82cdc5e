"""What a run is made from: validated, in YAML, every default the published value. Unknown keys are errors."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, SerializeAsAny, ValidationError, model_validator

from infomorphic import plugins
from infomorphic.errors import ConfigurationError
from infomorphic.networks.settings import NetworkSettings, Settings
from infomorphic.quoting import quoted, shortened
from infomorphic.training.complaints import first_sentence, setting_paths
from infomorphic.training.preset import preset, presets
from infomorphic.training.settings import DataSettings, TrainingSettings
from infomorphic.training.task import Preset, Sections, Task
from infomorphic.training.yaml_text import MOST_BYTES, read_yaml, write_yaml

_Model = TypeVar("_Model", bound=BaseModel)


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
            raise ConfigurationError(f"a configuration must be a mapping of sections; got {quoted(values)}.")
        named = values.get("preset", "setup-1")
        if not isinstance(named, str):
            raise ConfigurationError(f"`preset` must be a name; there is no preset {quoted(named)}.")
        chosen = preset(plugins.absolute(named))
        whole = {name: _section(name, settings, values.get(name), chosen.name) for name, settings in _sections(chosen).items()}
        return {**values, **whole, "preset": chosen.name}

    @property
    def sections(self) -> Sections[Any, Any, Any]:
        """The preset and its sections, as a task is made from them."""
        return Sections(preset(self.preset), self.network, self.data, self.training)

    @property
    def task(self) -> type[Task[Any, Any, Any, Any]]:
        """The task that the preset is for."""
        return preset(self.preset).task

    def with_training(self, **changes: Any) -> "TrainConfig":
        """The same with other values in the section `training`, which must be valid."""
        return self.model_copy(update={"training": self.training.model_copy(update=changes)})

    @classmethod
    def make(
        cls, values: Mapping[str, Any] | None = None, overrides: Sequence[str] = (), given: Mapping[str, Any] | None = None
    ) -> "TrainConfig":
        """The configuration of a nested mapping, with other values for some settings.

        Args:
            values: sections with their settings.
            overrides: texts such as `network.hidden=200`, whose right-hand side is read as YAML. Later ones win.
            given: values by the same names, such as `{"network.hidden": 200}`, taken as they are.

        Raises:
            ConfigurationError: if a section or a setting does not exist, has no valid value.
        """
        nested = _copied(values or {})
        assigned = dict(given or {})
        for override in overrides:
            key, text = _parted(override)
            assigned[key] = _value(text)
        for key, value in assigned.items():
            _assign(nested, key.split("."), value)
        named = nested.get("preset", "setup-1")
        return _validated(cls, nested, "the configuration", "", named if isinstance(named, str) else "")

    @classmethod
    def load(cls, path: Path, overrides: Sequence[str] = (), given: Mapping[str, Any] | None = None) -> "TrainConfig":
        """The configuration in a YAML file, with other values for some settings as for `make`."""
        return cls.make(read_config(path), overrides, given)

    def to_yaml(self) -> str:
        """The whole configuration as YAML that `load` reads back."""
        return write_yaml(self.model_dump(mode="json"))


def read_config(path: Path) -> dict[str, Any]:
    """The sections in a YAML file as they are written there.

    Raises:
        ConfigurationError: if it cannot be read, or does not hold sections.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # a name with a zero byte is a ValueError
        raise ConfigurationError(f"{shortened(str(path))} cannot be read: {shortened(str(error))}.") from error
    values = read_yaml(content, str(path))
    if not isinstance(values, dict):
        holds = "is empty" if values is None else f"holds {quoted(values)}"
        raise ConfigurationError(f"{path} must hold sections (preset, network, data, training); it {holds}.")
    return values


def check_each_once(overrides: Sequence[str], given: Collection[str]) -> None:
    """Raise `ConfigurationError` if overrides set something twice, or what is `given` by an option of its own."""
    seen = set(given)
    for override in overrides:
        key, _ = _parted(override)
        if key in seen:
            raise ConfigurationError(f"`{shortened(key)}` must be set once; it is set again by {quoted(override)}.")
        seen.add(key)


def _parted(override: str) -> tuple[str, str]:
    key, equals, text = (part.strip() for part in override.partition("="))
    if not equals or not key:
        raise ConfigurationError(f"a setting must be written as section.field=value; got {quoted(override)}.")
    return key, text


def setting_names(preset_name: str) -> list[str]:
    """The names of all settings of a preset, such as `network.hidden`; empty if there is no such built-in preset."""
    if preset_name not in presets():
        return []
    return [path for name, settings in _sections(preset(preset_name)).items() for path in setting_paths(settings, f"{name}.")]


def _sections(chosen: Preset) -> dict[str, type[Settings]]:
    return {"network": chosen.settings, "data": chosen.task.Data, "training": chosen.task.Training}


def _section(name: str, settings: type[Settings], given: Any, preset_name: str) -> Any:
    """One section's settings; what is not given keeps the preset's values, inside subsections too."""
    if not isinstance(given, Mapping | None):
        return given
    return _validated(settings, _merged(settings().model_dump(), given or {}), f"preset {preset_name}", f"{name}.", preset_name)


def _validated(model: type[_Model], values: Mapping[str, Any], where: str, prefix: str, preset_name: str) -> _Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(first_sentence(error, model, where, prefix, setting_names(preset_name))) from error


def _value(text: str) -> Any:
    """What the right-hand side of an override says in YAML. Atoms look like YAML's mappings to it, so a goal is text."""
    if not text:
        return text
    try:
        value = read_yaml(text, "the value")
    except ConfigurationError:
        return text
    if isinstance(value, str) and text[0] not in "\"'":
        return text  # the whole of it, where YAML sees a comment behind " #"
    # A name may have ": " in it, and a goal stands in braces.
    is_text = isinstance(value, dict) and (not any(value.values()) or text[0] != "{")
    return text if is_text else value


def _copied(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: _copied(v) if isinstance(v, Mapping) else v for k, v in values.items()}


def _merged(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(defaults)
    for key, value in given.items():
        both = isinstance(value, Mapping) and isinstance(merged.get(key), Mapping)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _assign(nested: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for part in path[:-1]:
        nested = nested.setdefault(part, {})
        if not isinstance(nested, dict):
            raise ConfigurationError(f"{quoted('.'.join(path))} is a field of {quoted(part)}, which is no section.")
    nested[path[-1]] = value
