"""Settings in words: meaning, unit, default, allowed and published values, read from the models."""

from typing import Annotated, ClassVar, Literal

import pytest
from pydantic import Field

from infomorphic.networks.about import DEFAULT, NOT_STATED, About
from infomorphic.networks.settings import NetworkSettings, Optimizer, Whole
from infomorphic.training.described import describe_preset, describe_settings, written


class Base(NetworkSettings):
    """Settings that others derive from."""

    publication: ClassVar[str] = "a publication"

    size: Annotated[Whole, Field(ge=1, le=2000), About(unit="neurons")] = 5
    """Number of neurons,
    in one layer."""
    choice: Annotated[Literal[True, "zero"], About(published=NOT_STATED)] = True
    """A choice."""
    rate: Annotated[float, Field(gt=0, lt=1)] | None = None
    """A rate."""
    optimizer: Annotated[Optimizer, About(published="unknown")] = Optimizer(learning_rate=0.1, weight_decay=0.0)
    """Optimizer of the layer."""


class Derived(Base):
    """Changes a default and a bound."""

    size: Annotated[Whole, Field(ge=1, le=2000), Field(ge=2), About(unit="units")] = 7
    undescribed: str = ""


def by_name(model, prefix=""):
    return {one.name: one for one in describe_settings(model, prefix)}


def test_a_field_is_described_by_its_docstring_its_bounds_and_its_metadata():
    size = by_name(Base, "network.")["network.size"]
    assert (size.meaning, size.unit, size.default) == ("Number of neurons, in one layer.", "neurons", 5)
    assert (size.allowed, size.published) == ("a whole number from 1 to 2,000", "5")


def test_choices_bounds_and_null_are_in_words():
    found = by_name(Base)
    assert (found["choice"].allowed, found["choice"].published) == ("true, zero", "not stated")
    assert found["rate"].allowed == "a number above 0, below 1, or null"


def test_a_section_lends_its_meaning_and_what_was_published_to_its_fields():
    rate = by_name(Base)["optimizer.learning_rate"]
    assert rate.meaning == "Optimizer of the layer: learning rate of Adam."
    assert (rate.default, rate.published) == (0.1, "unknown")


def test_a_redeclared_field_keeps_its_meaning_and_the_strictest_bound():
    found = by_name(Derived)
    size = found["size"]
    assert (size.meaning, size.default) == ("Number of neurons, in one layer.", 7)
    assert (size.allowed, size.unit) == ("a whole number from 2 to 2,000", "units")
    assert (found["undescribed"].meaning, found["undescribed"].allowed) == ("", "text")


def test_a_class_without_source_has_no_meanings():
    names = {"__module__": __name__, "__annotations__": {"hidden": int}, "hidden": 3}
    model = type("Made", (NetworkSettings,), names)
    assert by_name(model)["hidden"].meaning == ""


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (None, "null"), ("a b", "a b"), ([-20.0, 20.0], "[-20.0, 20.0]"), (3e-5, "3e-05")]
)
def test_values_are_written_as_they_are_typed(value, text):
    assert written(value) == text


def test_published_values_of_presets():
    setup, bars = ({one.name: one for one in describe_preset(name)} for name in ("setup-1", "bars"))
    assert setup["network.bins"].published == "20"
    assert (setup["training.batch_size"].default, setup["training.batch_size"].published) == (None, "1024")
    assert setup["network.hidden_bias"].published == NOT_STATED
    assert bars["network.bins"].published == "not known; chosen by us"
    assert setup["training.device"].published == ""
    assert DEFAULT not in {one.published for one in (*setup.values(), *bars.values())}
