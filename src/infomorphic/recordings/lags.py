"""Lags and history: their names and their checks."""

import operator
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from infomorphic.errors import RecordingError
from infomorphic.quoting import quoted


def at(name: str, lag: int) -> str:
    """The name of a variable a number of bins before the target's: `x[t]`, `x[t-1]`."""
    return f"{name}[t-{lag}]" if lag else f"{name}[t]"


def history_name(target: str, history: int) -> str:
    """The name of the joint variable of the target's past bins: `x[t-1]+x[t-2]`."""
    return "+".join(at(target, k) for k in range(1, history + 1))


def check_target(target: str, sources: Sequence[str]) -> None:
    """Raise `RecordingError` if the target is among the sources, or a source is named twice."""
    if target in sources:
        raise RecordingError(
            f"the target must not be among the sources; {quoted(target)} is in both. Use `history` for the target's own past as a source."
        )
    twice = [name for name in sources if list(sources).count(name) > 1]
    if twice:
        raise RecordingError(
            f"each source must be named once; {quoted(twice[0])} is named twice. Use `lags` for one source at several lags."
        )


def checked_lags(lags: Any, name: str | None = None) -> tuple[int, ...]:
    """Lags as Python integers.

    Raises:
        RecordingError: if there are none, or one is not a whole number of at least 0 or is given twice.
    """
    if isinstance(lags, Mapping):
        raise RecordingError(f"`lags` must have an entry for every source; got none for {quoted(name)}.")
    given = list(lags) if isinstance(lags, Sequence | np.ndarray) and not isinstance(lags, str) else [lags]
    found = tuple(_whole(lag, "lags") for lag in given)
    if not found or len(set(found)) < len(found):
        raise RecordingError(f"`lags` must be at least one whole number, each given once; got {quoted(given)}.")
    return found


def checked_history(history: Any) -> int:
    """The number of past bins as a Python integer. Raises `RecordingError` if it is not a whole number of at least 0."""
    return _whole(history, "history")


def _whole(number: Any, name: str) -> int:
    try:
        whole = operator.index(number)
    except TypeError:
        whole = -1
    if isinstance(number, bool) or whole < 0:
        raise RecordingError(
            f"`{name}` must be whole numbers of bins of at least 0; got {quoted(number)}. For an influence in the other direction, "
            "exchange target and source."
        )
    return whole
