"""Print results: one JSON object, or tables for people."""

from __future__ import annotations

import json
import math
import os
import sys
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_BAR_WIDTH = 16


def print_json(record: dict[str, Any]) -> None:
    """Print exactly one JSON object on stdout. JSON cannot represent non-finite numbers, so they become null."""
    unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    print(json.dumps(_finite(record), ensure_ascii=not unicode))


def console() -> Console:
    """A console on stdout that suits pipes too and prints text literally.

    Users' text contains brackets and colons ("dose [mg]", ":x:"), so strings are not parsed as markup. Use `bold` for bold text.
    """
    from rich.console import Console

    plain = Console(markup=False, emoji=False, highlight=False)
    # In a pipe, rich would assume 80 columns and wrap the tables.
    if plain.is_terminal or "COLUMNS" in os.environ:
        return plain
    return Console(width=120, markup=False, emoji=False, highlight=False)


def bold(text: str) -> Text:
    """Bold text, for a table or for `console().print(..., sep="")`."""
    from rich.text import Text

    return Text(text, style="bold")


def printable(text: str) -> str:
    """The text with control characters escaped, so that a name cannot move the cursor or break a line."""
    return "".join(c.encode("unicode_escape").decode() if unicodedata.category(c) == "Cc" else c for c in text)


def print_first_that_fits(out: Console, tables: Sequence[Table]) -> None:
    """Print the first table that is no wider than the console. If none is, print the last one uncut."""
    from rich.measure import Measurement

    needed = out.width
    for table in tables:
        # Measure without a width limit; with one, the result would never exceed it.
        needed = Measurement.get(out, out.options.update(width=10_000), table).maximum
        if needed <= out.width:
            out.print(table)
            return
    narrow, out.width = out.width, needed
    out.print(tables[-1])
    out.width = narrow


def signed_bar(value: float, largest: float) -> str:
    """A bar that grows from the middle to the right for positive values, to the left for negative ones."""
    half = _BAR_WIDTH // 2
    length = round(half * abs(value) / largest) if largest > 0 else 0
    bar = "█" * length
    return (bar.rjust(half) + "│" + " " * half) if value < 0 else (" " * half + "│" + bar.ljust(half))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
