"""What can be asked of a study: the largest numbers, and its name. Checked before anything is made."""

import re

from infomorphic.errors import StudyError
from infomorphic.quoting import quoted

MOST_SEEDS = 1000
LARGEST_SEED = 2**32 - 1
LONGEST_GRACE = 604_800.0
"""A week, in seconds."""
_LONGEST_NAME = 100


def check_name(name: str) -> str:
    """The name of a study, which is also that of a folder on any system.

    Raises:
        StudyError: if it cannot be one.
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
    if not low <= value <= high:  # NaN is refused as well
        raise StudyError(f"`{parameter}` must be from {low:g} to {high:.10g}; got {quoted(value)}.")
