"""The configuration of a run: validated, in YAML. Every default is the published value; unknown keys are errors."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, Field, SerializeAsAny, ValidationError, model_validator

from infomorphic import plugins
from infomorphic.errors import ConfigurationError
from infomorphic.networks.settings import NetworkSettings, Settings
from infomorphic.quoting import quoted, shortened
from infomorphic.training.complaints import first_sentence, setting_paths
from infomorphic.training.preset import default_preset, preset, presets
from infomorphic.training.settings import DataSettings, TrainingSettings
from infomorphic.training.task import Preset, Sections, Task
from infomorphic.training.yaml_text import MOST_BYTES, read_yaml, write_yaml

_Model = TypeVar("_Model", bound=BaseModel)


class TrainConfig(Settings):
    """The configuration of a run: a preset, and the settings of its network, the data, and the training."""

    preset: str = Field(default_factory=lambda: default_preset().name)
    network: SerializeAsAny[NetworkSettings]
    data: SerializeAsAny[DataSettings]
    training: SerializeAsAny[TrainingSettings]

    @model_validator(mode="before")
    @classmethod
    def _settings_of_the_preset(cls, values: Any) -> Any:
        # Each preset has its own settings, so a setting that it does not use is an error, not silently ignored.
        if not isinstance(values, Mapping):
            raise ConfigurationError(f"a configuration must be a mapping of sections; got {quoted(values)}.")
        named = values.get("preset", default_preset().name)
        if not isinstance(named, str):
            raise ConfigurationError(f"`preset` must be the name of a preset; there is no preset {quoted(named)}.")
        chosen = preset(plugins.absolute(named))
        data = values.get("data")
        following = chosen.task.defaults_for(data) if isinstance(data, Mapping) else {}
        whole = {
            name: _section(name, settings, values.get(name), following.get(name, {}), chosen.name)
            for name, settings in sections_of(chosen).items()
        }
        return {**values, **whole, "preset": chosen.name}

    @property
    def sections(self) -> Sections[Any, Any, Any]:
        """The preset and its sections, from which a task is built."""
        return Sections(preset(self.preset), self.network, self.data, self.training)

    @property
    def task(self) -> type[Task[Any, Any, Any, Any]]:
        """The task that the preset is for."""
        return preset(self.preset).task

    def with_training(self, **changes: Any) -> "TrainConfig":
        """A copy with other values in the section `training`, which are validated."""
        return self.model_copy(update={"training": self.training.model_copy(update=changes)})

    @classmethod
    def make(
        cls, values: Mapping[str, Any] | None = None, overrides: Sequence[str] = (), given: Mapping[str, Any] | None = None
    ) -> "TrainConfig":
        """Make a configuration from a nested mapping, with some settings overridden.

        Args:
            values: sections with their settings.
            overrides: texts such as `network.hidden=200`, whose right-hand side is read as YAML.
            given: values by the same names, such as `{"network.hidden": 200}`, which are not parsed.

        Raises:
            ConfigurationError: if a section or setting does not exist, or a value is invalid.
        """
        nested = _copied(values or {})
        assigned = dict(given or {})
        for override in overrides:
            key, text = _parted(override)
            assigned[key] = _value(text)
        for key, value in assigned.items():
            _assign(nested, key.split("."), value)
        named = nested.get("preset", default_preset().name)
        return _validated(cls, nested, "the configuration", "", named if isinstance(named, str) else "")

    @classmethod
    def load(cls, path: Path, overrides: Sequence[str] = (), given: Mapping[str, Any] | None = None) -> "TrainConfig":
        """Load the configuration in a YAML file, with some settings overridden as in `make`."""
        return cls.make(read_config(path), overrides, given)

    def to_yaml(self) -> str:
        """The whole configuration as YAML that `load` reads back."""
        return write_yaml(self.model_dump(mode="json"))


def read_config(path: Path) -> dict[str, Any]:
    """The sections of a YAML file, as written.

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
    """Raise `ConfigurationError` if overrides set something twice, or something that is also in `given`."""
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
    return [path for name, settings in sections_of(preset(preset_name)).items() for path in setting_paths(settings, f"{name}.")]


def sections_of(chosen: Preset) -> dict[str, type[Settings]]:
    """The settings of each section of a configuration with this preset."""
    return {"network": chosen.settings, "data": chosen.task.Data, "training": chosen.task.Training}


def _section(name: str, settings: type[Settings], given: Any, following: Mapping[str, Any], preset_name: str) -> Any:
    """The settings of one section; settings that are not given keep the preset's values, or those that follow from what is given."""
    if not isinstance(given, Mapping | None):
        return given
    return _validated(
        settings, _merged(settings().model_dump(), {**following, **(given or {})}), f"preset {preset_name}", f"{name}.", preset_name
    )


def _validated(model: type[_Model], values: Mapping[str, Any], where: str, prefix: str, preset_name: str) -> _Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ConfigurationError(first_sentence(error, model, where, prefix, setting_names(preset_name))) from error


def _value(text: str) -> Any:
    """Parse the right-hand side of an override as YAML. A goal stays text, although YAML would read its atoms as mappings."""
    if not text:
        return text
    try:
        value = read_yaml(text, "the value")
    except ConfigurationError:
        return text
    if isinstance(value, str) and text[0] not in "\"'":
        return text  # all of it: YAML would drop everything after " #"
    # A name may contain ": ", and a goal contains braces.
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
            raise ConfigurationError(f"{quoted('.'.join(path))} is a field of {quoted(part)}, which is not a section.")
    nested[path[-1]] = value
