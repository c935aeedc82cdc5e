"""Tables with bars in HTML, for notebooks, and that of a decomposition."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from infomorphic.pid.antichains import Antichain
from infomorphic.pid.names import Names
from infomorphic.pid.words import SMALLEST, format_bits, meaning

# Mid-tones that are legible on white and on black; text and lines take the notebook's own color.
_POSITIVE, _NEGATIVE = "#4393c3", "#d6604d"
_BAR = 7.0
"""Length of the longest bar, in em."""
_CELL = "padding:.15em .9em .15em 0;text-align:{};vertical-align:middle;border:0;background:none;color:inherit;white-space:{}"


class AtomRow(NamedTuple):
    """An atom of one distribution, in bits."""

    antichain: Antichain
    label: str
    bits: float


class BarRow(NamedTuple):
    """A row of a table with bars."""

    label: str
    value: float
    shown: str
    """The value as text."""
    meaning: str


def html_of(names: Names, rows: Sequence[AtomRow], of_all: int, total: str) -> str:
    """A table of atoms, each with its meaning in names, its value in bits and a bar.

    Args:
        names: the names of sources and target.
        rows: the atoms to show.
        of_all: the number of all atoms.
        total: a sentence on all sources together.
    """
    # Values that are shown as zero have bars of length zero.
    visible = [row.bits if abs(row.bits) >= SMALLEST else 0.0 for row in rows]
    bars = [
        BarRow(row.label, bits, format_bits(row.bits), meaning(row.antichain, names.sources))
        for row, bits in zip(rows, visible, strict=True)
    ]
    legend = ", ".join(f"{digit} = {escape(name)}" for digit, name in names.legend.items())
    more = f"<div>The {len(rows)} largest of {of_all} atoms; <code>to_frame()</code> has all.</div>" if len(rows) < of_all else ""
    return block(f'<div>{escape(total)}</div>{table_of_bars(("atom", "bits"), bars)}<div style="opacity:.8">{legend}</div>{more}')


def block(inner: str) -> str:
    """HTML in the text color of the notebook."""
    return f'<div style="color:inherit">{inner}</div>'


def table_of_bars(headings: tuple[str, str], rows: Sequence[BarRow]) -> str:
    """A table with a label, a value, a bar and a meaning per row.

    Args:
        headings: the headings of labels and values.
        rows: the rows, at least one. Texts are escaped.
    """
    largest = max(abs(row.value) for row in rows)
    columns = tuple(zip((*headings, "", "meaning"), _LOOKS, strict=True))
    heading = "".join(f'<th style="{_CELL.format(*look)}">{escape(text)}</th>' for text, look in columns)
    return (
        '<table style="color:inherit;font:inherit;border-collapse:collapse;border:0;margin:.5em 0"><thead><tr style="border-bottom:1px solid currentColor;background:none">'
        f"{heading}</tr></thead><tbody>{''.join(_row(row, largest) for row in rows)}</tbody></table>"
    )


_LOOKS = (("left", "nowrap"), ("right", "nowrap"), ("left", "normal"), ("left", "normal"))
"""Alignment and wrapping of each column."""


def _row(row: BarRow, largest: float) -> str:
    length = _BAR * abs(row.value) / largest if largest else 0.0
    bar = f'<div style="width:{length:.2f}em;height:.7em;background:{_POSITIVE if row.value >= 0 else _NEGATIVE}"></div>'
    cells = (escape(row.label), escape(row.shown), bar, escape(row.meaning))
    inner = "".join(f'<td style="{_CELL.format(*look)}">{cell}</td>' for cell, look in zip(cells, _LOOKS, strict=True))
    return f'<tr style="background:none">{inner}</tr>'
