"""Figures for files: created without pyplot, so that its state does not change, and saved as PNG and SVG."""

import io
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from infomorphic.files import replace_file


def new_figure(
    columns: int = 1, rows: int = 1, *, width: float = 5.6, height: float = 4.4, share_y: bool = False
) -> tuple[Figure, list[Axes]]:
    """A figure with a grid of axes in reading order, each `width` × `height` inches."""
    figure = Figure(figsize=(width * columns, height * rows), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False, sharey=share_y)
    for ax in axes.flat:
        ax.spines[["top", "right"]].set_visible(False)
    return figure, list(axes.flat)


def save_figure(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write `name.png` and `name.svg` into a folder. The same figure gives the same bytes: without dates and random names."""
    paths = [folder / f"{name}.png", folder / f"{name}.svg"]
    with rc_context({"svg.hashsalt": "infomorphic"}):
        save_picture(figure, paths[0], dpi=150)
        save_picture(figure, paths[1], metadata={"Date": None})
    return paths


def save_picture(figure: Figure, path: Path, **options: Any) -> None:
    """Save a figure in the format of the file's suffix, with options of `Figure.savefig`."""
    content = io.BytesIO()
    figure.savefig(content, format=path.suffix[1:].lower(), **options)
    replace_file(path, content.getvalue())
