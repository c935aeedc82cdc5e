"""The published goals, from a packaged data file. To add a goal, add an entry to that file."""

import json
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from infomorphic.errors import UnknownGoalError
from infomorphic.quoting import quoted


class PublishedGoal(NamedTuple):
    """A goal that a paper published."""

    name: str
    """Model and name, such as `trivariate/optimized-tpe-1`."""
    source: str
    """The paper, and the place in it."""
    about: str
    """The neurons that the goal is for, in one or two sentences."""


@lru_cache
def _models() -> dict[str, dict]:
    return json.loads((files("infomorphic.goals") / "published.json").read_text(encoding="utf-8"))


def published_goals() -> list[PublishedGoal]:
    """Name and source of every published goal, in the order of the data file."""
    return [PublishedGoal(f"{key}/{name}", model["source"], model["about"]) for key, model in _models().items() for name in model["goals"]]


def published_weights(name: str) -> dict[str, float]:
    """The weights of a published goal by label, with the residual entropy under `H_res`.

    Raises:
        UnknownGoalError: if no published goal has this name; suggests the nearest.
    """
    names = [goal.name for goal in published_goals()]
    if name not in names:
        nearest = get_close_matches(str(name)[:100], names, n=1, cutoff=0.4)
        hint = f'Did you mean "{nearest[0]}"?' if nearest else f'Names look like "{names[0]}".'
        raise UnknownGoalError(f"a goal must be a published name or an expression in braces; got {quoted(name)}. {hint}")
    model, _, key = name.partition("/")
    return dict(_models()[model]["goals"][key])
