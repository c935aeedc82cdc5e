"""What a task shows of a trained network beyond numbers: pictures, films and charts. Pages draw them and know no task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from infomorphic.training.results import BitPicture, Field

Picture = BitPicture | Field


class Frame(NamedTuple):
    """Pictures that are shown at once, one moment of a film."""

    title: str
    """The moment: an epoch, or a step."""
    pictures: Sequence[Picture]


@dataclass(frozen=True, kw_only=True, eq=False)
class Exhibit:
    """Something to show, with a heading and an explanation."""

    title: str
    text: str = ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Gallery(Exhibit):
    """Pictures beside one another."""

    pictures: Sequence[Picture]


@dataclass(frozen=True, kw_only=True, eq=False)
class Films(Exhibit):
    """Films to step through or to play. One is shown at a time."""

    films: Mapping[str, Sequence[Frame]]
    """The frames of each film, by what the reader chooses it by."""
    starts_at_end: bool = False
    """Whether the last frame is shown first: where a film leads to what the reader came for."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart(Exhibit):
    """Lines over one quantity."""

    quantity: str
    """The title of the horizontal axis."""
    values: Sequence[float]
    lines: Mapping[str, Sequence[float]]
    """Fractions, from 0 to 1, by name."""
