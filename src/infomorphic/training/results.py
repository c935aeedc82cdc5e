"""Records in which a task describes its results. Terminals and pages display them and know no task."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from torch import Tensor

from infomorphic.text import percent


class Score(NamedTuple):
    """How a task counts success: one quantity, which is recorded for the result and while training."""

    name: str
    """Its name, such as `accuracy`: the title of an axis."""
    metric: str
    """The metric and field of the summary that is the result, such as `test_accuracy`."""
    watched: str
    """The metric to watch while training, such as `validation_accuracy`."""
    unit: Literal["%", ""] = ""
    """Whether fractions are written as percentages."""
    larger_is_better: bool = True

    def written(self, value: float | None) -> str:
        """A value with its unit: two decimals of a percentage, or three decimals; a dash if there is none."""
        if value is None or value != value:
            return "–"
        return percent(value) if self.unit == "%" else f"{value:.3f}"


def in_words(metric: str) -> str:
    """The name of a metric as text: `test accuracy` for `test_accuracy`."""
    return metric.replace("_", " ")


class Tile(NamedTuple):
    """A headline number of a report."""

    value: str
    label: str


class Table(NamedTuple):
    """Results in rows."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    title: str = ""
    emphasized: Collection[tuple[int, int]] = ()
    """Cells that stand out, as (row, column)."""


class Result(NamedTuple):
    """The result of a run in words and numbers, as printed in a terminal."""

    heading: str
    """What was trained or measured: preset, size, epochs, seed."""
    sentence: str = ""
    """The outcome in one sentence."""
    table: Table | None = None


class Field(NamedTuple):
    """The receptive field of a neuron, or an image, with what it codes or shows."""

    title: str
    caption: str
    weights: Tensor
    """(height, width)."""


class BitPicture(NamedTuple):
    """A state of ±1, drawn in rows of bits."""

    title: str
    caption: str
    bits: Tensor
    """(bits,), each ±1."""
    marked: Tensor
    """(bits,), whether a bit stands out."""
    width: int
    """Bits per row."""


class Evaluated(NamedTuple):
    """What an evaluation found."""

    record: Mapping[str, Any]
    """The numbers, as JSON has them."""
    result: Result
    pictures: Sequence[BitPicture] = ()
    legend: str = ""
    """What a marked bit of a picture is."""
