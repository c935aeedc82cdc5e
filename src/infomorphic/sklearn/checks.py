"""Checks of parameters, made when an estimator is fitted: scikit-learn sets parameters without looking at them."""

import math
from collections.abc import Collection
from numbers import Integral, Real
from typing import Any

from infomorphic.errors import ConfigurationError


def check_count(name: str, value: Any, least: int = 1) -> int:
    """The value as an int, if it is a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, Integral) or int(value) < least:
        raise ConfigurationError(f"`{name}` must be a whole number of at least {least}; got {value!r}.")
    return int(value)


def check_positive(name: str, value: Any) -> float:
    """The value as a float, if it is a finite number greater than 0."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < float(value) < math.inf:
        raise ConfigurationError(f"`{name}` must be a finite number greater than 0; got {value!r}.")
    return float(value)


def check_not_negative(name: str, value: Any) -> float:
    """The value as a float, if it is a finite number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) < math.inf:
        raise ConfigurationError(f"`{name}` must be a finite number of at least 0; got {value!r}.")
    return float(value)


def check_fraction(name: str, value: Any) -> float:
    """The value as a float, if it lies between 0 and 1, both excluded."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < float(value) < 1:
        raise ConfigurationError(f"`{name}` must be greater than 0 and less than 1; got {value!r}.")
    return float(value)


def check_choice(name: str, value: Any, choices: Collection[Any]) -> Any:
    """The value, if it is one of `choices`."""
    if not any(value is choice or (isinstance(value, str) and value == choice) for choice in choices):
        raise ConfigurationError(f"`{name}` must be one of {', '.join(map(repr, choices))}; got {value!r}.")
    return value
