"""Pictures in a terminal: states of bits as squares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infomorphic.training.results import BitPicture


def draw_bits(pictures: Sequence[BitPicture], legend: str, out: Any) -> None:
    """Draw states side by side, with what a marked bit is."""
    from rich.columns import Columns
    from rich.panel import Panel
    from rich.text import Text

    panels = [Panel.fit(_rows(picture), title=picture.title, subtitle=picture.caption, padding=(0, 1)) for picture in pictures]
    out.print(Columns(panels))
    out.print("█ +1   · −1   ", Text("▒", style="red"), f" {legend}", sep="")


def _rows(picture: BitPicture) -> Any:
    """The bits row by row, two characters each, so that they look square."""
    from rich.text import Text

    text = Text()
    for i, (bit, marked) in enumerate(zip(picture.bits.tolist(), picture.marked.tolist(), strict=True)):
        if i and i % picture.width == 0:
            text.append("\n")
        text.append("▒▒" if marked else "██" if bit > 0 else "· ", style="red" if marked else None)
    return text
