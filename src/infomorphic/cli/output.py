"""How results are printed: one JSON object, or tables for people."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

_BAR_WIDTH = 16


def print_json(record: dict[str, Any]) -> None:
    """Exactly one JSON object on stdout. Numbers that are not finite have no JSON, so they are null."""
    print(json.dumps(_finite(record), ensure_ascii=False))


def console() -> Console:
    """A console on stdout that also fits a pipe."""
    from rich.console import Console

    plain = Console()
    # In a pipe rich would assume 80 columns and fold the tables.
    return plain if plain.is_terminal else Console(width=120)


def signed_bar(value: float, largest: float) -> str:
    """A bar that grows from the middle to the right for positive values, to the left for negative ones."""
    half = _BAR_WIDTH // 2
    length = round(half * abs(value) / largest) if largest > 0 else 0
    bar = "█" * length
    return (bar.rjust(half) + "│" + " " * half) if value < 0 else (" " * half + "│" + bar.ljust(half))


def percent(fraction: float) -> str:
    """A fraction as a percentage; a dash for NaN."""
    return "–" if fraction != fraction else f"{100 * fraction:.2f} %"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
