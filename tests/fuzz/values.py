"""Values that a setting or a field of a file may be given, by rule: at and beyond the ends of its range, or of another type."""

import math
from random import Random
from typing import Any

# No number here is large and valid at once: such a training would take as long as it says.
_WHOLE = (0, -1, 1, 2, 3, 2**31 - 1, 2**62, 2**63, 10**30, -(10**400))
_REAL = (0.5, -0.5, 1e-300, 1e300, -1e30, math.nan, math.inf, -math.inf)
_TEXT = (
    "",
    "x",
    "on",
    "012",
    "1e1",
    "nan",
    "2024-01-31",
    'it\'s "x"',
    "a\\b\tc",
    "[red]x[/s]",
    "{F}",
    "{F}{C",
    "x" * 5000,
    "{" * 300,
    "ü\udc80",
)


def drawn(random: Random, near: Any = None) -> Any:
    """A value of any kind, or one that is near to `near`."""
    kinds = [_whole, _real, _text, _other, _collection, lambda r: changed(r, near), lambda r: changed(r, near)]
    return random.choice(kinds)(random)


def changed(random: Random, value: Any) -> Any:
    """The value a little different: another number, another spelling, or inside something."""
    if isinstance(value, bool) or value is None:
        return random.choice([not value, str(value), [value]])
    if isinstance(value, int | float):
        return random.choice([value + 1, -value, value / 3, float(value), str(value), [value], f"{value} "])
    if isinstance(value, str):
        position = random.randrange(len(value) + 1)
        return random.choice([value[:position], value.upper(), value[:position] + "\x07" + value[position:], [value], f" {value}"])
    if isinstance(value, list | tuple):
        return random.choice([list(value) * 2, list(value)[:1], list(reversed(value)), [drawn(random), *list(value)[1:]]])
    return drawn(random)


def _whole(random: Random) -> int:
    return random.choice(_WHOLE)


def _real(random: Random) -> float:
    return random.choice(_REAL)


def _text(random: Random) -> str:
    return random.choice(_TEXT)


def _other(random: Random) -> Any:
    return random.choice([None, True, False])


def _collection(random: Random) -> Any:
    value: Any = random.choice([[], {}, [1, 2], {"a": 1}, [[1]], {"learning_rate": "x"}])
    for _ in range(random.choice([0, 0, 1, 40])):
        value = random.choice([[value], {"a": value}])
    return value
