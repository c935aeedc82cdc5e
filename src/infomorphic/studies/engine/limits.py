"""Limits of a study's numbers and name, checked before anything is created."""

import re

from infomorphic.errors import StudyError
from infomorphic.quoting import quoted

MOST_SEEDS = 1000
LARGEST_SEED = 2**32 - 1
LONGEST_GRACE = 604_800.0
"""A week, in seconds."""
_LONGEST_NAME = 100


def check_name(name: str) -> str:
    """Check the name of a study, which must also be valid as a folder name on any system.

    Raises:
        StudyError: if it is not valid.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise StudyError(
            f"the name of a study must have letters, digits, '.', '_' and '-', and begin with a letter or a digit; got {quoted(name)}."
        )
    if len(name) > _LONGEST_NAME:
        raise StudyError(f"the name of a study must have at most {_LONGEST_NAME} characters; got {len(name)}: {quoted(name)}.")
    return name


def check_number(parameter: str, value: float, low: float, high: float) -> None:
    """Raise `StudyError` if a parameter is not a number from `low` to `high`."""
    if not low <= value <= high:  # also refuses NaN
        raise StudyError(f"`{parameter}` must be from {low:g} to {high:.10g}; got {quoted(value)}.")
