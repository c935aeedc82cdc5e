"""A decomposition as an HTML table, for notebooks."""

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


def html_of(names: Names, rows: Sequence[AtomRow], of_all: int, total: str) -> str:
    """A table of atoms, each with its meaning in names, its value in bits and a bar.

    Args:
        names: the names of sources and target.
        rows: the atoms to show.
        of_all: the number of all atoms.
        total: a sentence on all sources together.
    """
    largest = max(abs(row.bits) for row in rows)
    heading = "".join(f'<th style="{_CELL.format(*look)}">{text}</th>' for text, *look in _HEADINGS)
    legend = ", ".join(f"{digit} = {escape(name)}" for digit, name in names.legend.items())
    more = f"<div>The {len(rows)} largest of {of_all} atoms; <code>to_frame()</code> has all.</div>" if len(rows) < of_all else ""
    return (
        f'<div style="color:inherit"><div>{escape(total)}</div>'
        f'<table style="color:inherit;font:inherit;border-collapse:collapse;border:0;margin:.5em 0"><thead><tr style="border-bottom:1px solid currentColor;background:none">'
        f"{heading}</tr></thead><tbody>{''.join(_row(row, names, largest) for row in rows)}</tbody></table>"
        f'<div style="opacity:.8">{legend}</div>{more}</div>'
    )


_HEADINGS = (("atom", "left", "nowrap"), ("bits", "right", "nowrap"), ("", "left", "normal"), ("meaning", "left", "normal"))


def _row(row: AtomRow, names: Names, largest: float) -> str:
    length = _BAR * abs(row.bits) / largest if largest >= SMALLEST else 0.0
    color = _POSITIVE if row.bits >= 0 else _NEGATIVE
    bar = f'<div style="width:{length:.2f}em;height:.7em;background:{color}"></div>'
    cells = (row.label, format_bits(row.bits), bar, escape(meaning(row.antichain, names.sources)))
    inner = "".join(f'<td style="{_CELL.format(*look)}">{cell}</td>' for cell, (_, *look) in zip(cells, _HEADINGS, strict=True))
    return f'<tr style="background:none">{inner}</tr>'
