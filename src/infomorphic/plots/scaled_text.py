"""Text that scales with the drawing, so that text that fits at one figure size fits at all sizes."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.transforms import Bbox

LINE_HEIGHT = 1.2
"""Distance between the lines of a text, in font sizes."""


class ScaledText(Text):
    """A text with the font size in units of the axis instead of points, by default centered at (x, y)."""

    def __init__(self, x: float, y: float, text: str, size: float, **properties: Any) -> None:
        properties = {"ha": "center", "va": "center_baseline" if "\n" not in text else "center", "linespacing": LINE_HEIGHT} | properties
        super().__init__(x, y, text, **properties)
        self.size_in_data = size

    def _rescale(self) -> None:
        if self.axes is None or self.figure is None:
            return
        (_, low), (_, high) = self.axes.transData.transform([(0.0, 0.0), (0.0, self.size_in_data)])
        points = max(abs(high - low) * 72.0 / self.figure.dpi, 0.1)
        if points != self.get_fontsize():
            self.set_fontsize(points)

    def draw(self, renderer: Any, *args: Any, **kwargs: Any) -> None:
        """Draw the text at the current scale of the axis."""
        self._rescale()
        super().draw(renderer, *args, **kwargs)

    def get_window_extent(self, renderer: RendererBase | None = None, dpi: float | None = None) -> Bbox:
        """The box around the text in pixels, at the current scale of the axis."""
        self._rescale()
        return super().get_window_extent(renderer, dpi)


def add_text(ax: Axes, x: float, y: float, text: str, size: float, **properties: Any) -> ScaledText:
    """Write `text` at (x, y), in a font of `size` units of the vertical axis."""
    written = ScaledText(x, y, text, size, **properties)
    written.set_clip_on(False)
    written.set_in_layout(False)  # it lies inside the axis
    ax.add_artist(written)
    return written


def text_box(lines: Sequence[str]) -> tuple[float, float]:
    """Width and height of several lines of text, in font sizes."""
    font = FontProperties().get_name()
    return max(_width(line, font) for line in lines), LINE_HEIGHT * len(lines) - (LINE_HEIGHT - 1.0)


def format_value(value: float, decimals: int) -> str:
    """`value` as text, with a proper minus sign and without a sign on zero."""
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", "\N{MINUS SIGN}")


@lru_cache(maxsize=4096)
def _width(line: str, font: str) -> float:
    if not line:
        return 0.0
    return float(TextPath((0.0, 0.0), line, size=10.0, prop=FontProperties(family=font)).get_extents().width) / 10.0
