"""Animations for slides: figures, one per moment, as a GIF of bounded size."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from PIL import Image

from infomorphic.files import replace_file
from infomorphic.plots.atom_values import PlotValueError
from infomorphic.plots.palette import BITS, SERIES

LARGEST = 2_000_000
"""The most bytes of a GIF."""
_DPI = 100
_FREQUENT_COLORS = 160


def check_gif(path: Path) -> None:
    """Raise `PlotValueError` unless a GIF can be written to `path`. Call it before anything that takes a while."""
    if path.suffix.lower() != ".gif":
        raise PlotValueError(f"`gif` must name a file that ends in .gif; got {path}.")
    if not path.parent.is_dir():
        raise PlotValueError(f"`gif` must be in a folder that exists; got {path}. Create {path.parent} first.")


def write_gif(figures: Iterable[Figure], path: Path, *, milliseconds: int = 300, last: int = 2500, largest: int = LARGEST) -> int:
    """Write figures of one size as an endless animation on a light background.

    If the file would be too large, every other frame is left out until it is not; the last frame stays.

    Args:
        figures: one figure per frame. They are asked for in matplotlib's default style, whatever the style is otherwise.
        path: the file, which ends in .gif.
        milliseconds: how long a frame is shown.
        last: how long the last frame is shown, in milliseconds.
        largest: the most bytes.

    Returns:
        The number of frames.

    Raises:
        PlotValueError: if there are no figures, a GIF cannot be written to `path`, or two frames are too large.
    """
    check_gif(path)
    with style.context("default"):
        frames = [_rendered(figure) for figure in figures]
    if not frames:
        raise PlotValueError("`figures` must have at least one figure; got none.")
    palette = _palette([frames[0], frames[len(frames) // 2], frames[-1]])
    pictures = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    content = _encoded(pictures, milliseconds, last)
    while len(content) > largest:
        if len(pictures) <= 2:
            raise PlotValueError(f"`largest` must be at least {len(content):,} bytes for two of these frames; got {largest:,}.")
        pictures = [*pictures[:-1:2], pictures[-1]]
        content = _encoded(pictures, milliseconds, last)
    replace_file(path, content)
    return len(pictures)


def _rendered(figure: Figure) -> Image.Image:
    canvas = FigureCanvasAgg(figure)
    figure.set_dpi(_DPI)
    canvas.draw()
    return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")


def _palette(pictures: Sequence[Image.Image]) -> Image.Image:
    """An image with the palette of all frames: with one for each frame, colors would flicker.

    It has the colors of lines and bits as they are, since thin lines would otherwise get the color of something larger.
    """
    width, height = pictures[0].size
    joined = Image.new("RGB", (width * len(pictures), height))
    for i, picture in enumerate(pictures):
        joined.paste(picture, (i * width, 0))
    frequent = joined.quantize(_FREQUENT_COLORS).getpalette()
    own = [round(255 * channel) for color in ("white", "black", *SERIES, *BITS) for channel in to_rgb(color)]
    palette = Image.new("P", (1, 1))
    palette.putpalette([*own, *(frequent or [])])
    return palette


def _encoded(pictures: Sequence[Image.Image], milliseconds: int, last: int) -> bytes:
    content = io.BytesIO()
    durations = [milliseconds] * (len(pictures) - 1) + [last]
    pictures[0].save(content, "GIF", save_all=True, append_images=pictures[1:], duration=durations, loop=0, optimize=True)
    return content.getvalue()
