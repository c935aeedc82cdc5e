"""The settings of a study. Values come as text from `--set key=value`; an unknown setting is an error."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator

from infomorphic import plugins
from infomorphic.errors import InfomorphicError, StudyError, did_you_mean
from infomorphic.goals.saved import find_goal, without_own_name
from infomorphic.limits import MOST_EPOCHS, MOST_TRIALS
from infomorphic.networks.about import About
from infomorphic.networks.settings import Settings, Whole
from infomorphic.quoting import quoted, shortened
from infomorphic.studies.engine.limits import LARGEST_SEED, MOST_SEEDS
from infomorphic.training import preset
from infomorphic.training.complaints import sentence_of

_S = TypeVar("_S", bound="StudySettings")


def split_list(value: Any) -> Any:
    """Split text at commas; other values stay unchanged."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _seeds(value: Any) -> Any:
    """`0,1,5` or `0-9`."""
    parts = split_list(value)
    if not isinstance(parts, list):
        return parts
    seeds: list[Any] = []
    for part in parts:
        text = str(part)
        if (written := re.fullmatch(r"([0-9]{1,20})\s*-\s*([0-9]{1,20})", text)) is not None:
            first, last = int(written[1]), int(written[2])
            if last < first:
                raise StudyError(f"a range of seeds must go up; got {text}. Write {last}-{first}.")
            # Checked before the range is made, because it may exceed the memory.
            if last - first >= MOST_SEEDS:
                raise StudyError(f"a study must have at most {MOST_SEEDS} seeds; got {text}.")
            seeds += range(first, last + 1)
        else:
            seeds.append(part)
    return seeds


def goal_sources(model: str) -> str:
    """The sources of the model's neurons that have a goal; a goal for them must have the same sources.

    Raises:
        ConfigurationError: if there is no such preset.
        StudyError: if the preset has no goal.
    """
    name = plugins.parted(model)[0]
    sources = preset(name).settings.goal_sources
    if not sources:
        raise StudyError(f"`model` must name a network whose neurons have a goal; got {name!r}.")
    return sources


def _expression(value: Any, info: ValidationInfo) -> Any:
    """The expression of a named goal, after checking that its sources are those of the model's neurons: the expression alone does not name them."""
    if without_own_name(value) != value and "model" in info.data:
        find_goal(value, goal_sources(str(info.data["model"])))
    return without_own_name(value)


T = TypeVar("T")
Listed = Annotated[tuple[T, ...], BeforeValidator(split_list), Field(min_length=1, max_length=MOST_TRIALS)]
"""Several values, written with commas."""
Seed = Annotated[Whole, Field(ge=0, le=LARGEST_SEED)]
Seeds = Annotated[
    tuple[Seed, ...],
    BeforeValidator(_seeds),
    Field(min_length=1, max_length=MOST_SEEDS),
    About(allowed="whole numbers with commas, or a range such as 0-9"),
]
"""Several seeds, written with commas or as a range such as 0-9."""
GoalText = Annotated[str, BeforeValidator(_expression)]
"""A published goal or an expression; the name of a goal that is saved, in a file or of a package is replaced by its expression, which works on every machine."""


class StudySettings(Settings):
    """Settings of every kind of study."""

    overrides: tuple[str, ...] = ()
    """Settings of every training, such as `training.batch_size=256`: every key with a dot."""

    @field_validator("*")
    @classmethod
    def _found_from_any_folder(cls, value: Any) -> Any:
        # Workers may run in another folder than the one in which the study was made.
        if isinstance(value, tuple):
            return tuple(plugins.absolute_within(v) if isinstance(v, str) else v for v in value)
        return plugins.absolute_within(value) if isinstance(value, str) else value

    @field_validator("*")
    @classmethod
    def _each_once(cls, value: Any) -> Any:
        # A repeated value would repeat its trials.
        if isinstance(value, tuple) and len(set(value)) < len(value):
            raise StudyError(f"every value must be given once; got {shortened(', '.join(map(str, value)))}.")
        return value

    @classmethod
    def make(cls: type[_S], assignments: Sequence[str] = (), given: Mapping[str, Any] | None = None) -> _S:
        """Make settings from `key=value` texts, starting from `given` or from the defaults.

        Raises:
            StudyError: if a setting does not exist or a value is not valid.
        """
        values: dict[str, Any] = dict(given or {})
        overrides = list(values.get("overrides", ()))
        seen: set[str] = set()
        for assignment in assignments:
            key, equals, value = (part.strip() for part in assignment.partition("="))
            if not equals or not key:
                raise StudyError(f"a setting must be written as key=value; got {quoted(assignment)}.")
            if key in seen:
                raise StudyError(f"`{shortened(key)}` must be set once; it is set again by {quoted(assignment)}.")
            seen.add(key)
            if "." in key:
                overrides.append(f"{key}={value}")
            else:
                values[key] = value
        if overrides:
            values["overrides"] = tuple(overrides)
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise StudyError(_first_sentence(error, cls)) from error


class TrainingSettings(StudySettings):
    """Settings of studies that train networks."""

    epochs: Annotated[Whole, Field(ge=1, le=MOST_EPOCHS), About(unit="epochs")] = 100
    """Passes over the training data of every training."""


class DatasetSettings(TrainingSettings):
    """Settings of studies on one data set."""

    dataset: str = "mnist"
    """The data set of every training."""


class RepeatedSettings(DatasetSettings):
    """Settings of studies that train every network several times."""

    seeds: Seeds = tuple(range(10))
    """Seeds with which each network is trained."""


def _first_sentence(error: ValidationError, model: type[StudySettings]) -> str:
    first = error.errors(include_url=False)[0]
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, InfomorphicError):
        return str(cause)
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        known = [n for n in model.model_fields if n != "overrides"]
        return f"this kind of study has no setting {quoted(name)}; it has {', '.join(known)}, and section.field of a training.{did_you_mean(name, known)}"
    return sentence_of(first, name)
