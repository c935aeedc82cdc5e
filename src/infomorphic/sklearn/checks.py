"""Checks of parameters, made in `fit`: scikit-learn sets parameters without validating them."""

import math
from collections.abc import Collection
from numbers import Integral, Real
from typing import Any

from infomorphic.errors import ConfigurationError
from infomorphic.limits import LARGEST_NUMBER, MOST_RATE, MOST_SAMPLES
from infomorphic.quoting import quoted


def check_count(name: str, value: Any, least: int = 1, most: int = MOST_SAMPLES) -> int:
    """The value as an int, if it is a whole number from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        raise ConfigurationError(f"`{name}` must be a whole number of at least {least}; got {quoted(value)}.")
    if int(value) > most:
        raise ConfigurationError(f"`{name}` must be a whole number of at most {most}; got {quoted(value)}.")
    return int(value)


def check_positive(name: str, value: Any, most: float = MOST_RATE) -> float:
    """The value as a float, if it is a finite number greater than 0 and not above `most`."""
    if not _is_real(value) or not 0 < value < math.inf:
        raise ConfigurationError(f"`{name}` must be a finite number greater than 0; got {quoted(value)}.")
    return _at_most(name, value, most)


def check_not_negative(name: str, value: Any, most: float = MOST_RATE) -> float:
    """The value as a float, if it is a finite number from 0 to `most`."""
    if not _is_real(value) or not 0 <= value < math.inf:
        raise ConfigurationError(f"`{name}` must be a finite number of at least 0; got {quoted(value)}.")
    return _at_most(name, value, most)


def check_number(name: str, value: Any) -> float:
    """The value as a float, if it is a finite number of bounded size."""
    if not _is_real(value) or not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        raise ConfigurationError(f"`{name}` must be a finite number within ±{LARGEST_NUMBER:g}; got {quoted(value)}.")
    return float(value)


def check_fraction(name: str, value: Any) -> float:
    """The value as a float, if it lies between 0 and 1, both excluded."""
    if not _is_real(value) or not 0 < value < 1:
        raise ConfigurationError(f"`{name}` must be greater than 0 and less than 1; got {quoted(value)}.")
    return float(value)


def check_choice(name: str, value: Any, choices: Collection[Any]) -> Any:
    """The value, if it is one of `choices`."""
    if not any(value is choice or (isinstance(value, str) and value == choice) for choice in choices):
        raise ConfigurationError(f"`{name}` must be one of {', '.join(map(repr, choices))}; got {quoted(value)}.")
    return value


def _is_real(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _at_most(name: str, value: Any, most: float) -> float:
    if value > most:
        raise ConfigurationError(f"`{name}` must be at most {most:g}; got {quoted(value)}.")
    return float(value)
