"""Helpers for axes: create a default axis, clear an axis, and add color bars."""

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from infomorphic.plots.palette import ValueScale

_LONGEST_NAME = 18


def axes_or_new(ax: Axes | None, figure_size: tuple[float, float]) -> Axes:
    """`ax` or, if it is None, the axis of a new figure of `figure_size` inches."""
    if ax is not None:
        return ax
    # Imported here: importing pyplot selects a backend, which programs with their own axes do not need.
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=figure_size, layout="constrained")[1]


def as_written(text: str) -> str:
    """Escape a user's text for a figure: matplotlib would render text between two dollar signs as a formula."""
    return text.replace("$", r"\$")


def short_name(name: str) -> str:
    """The name of a variable, or its beginning if it is long."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def label_of(name: str) -> str:
    """The label that makes a legend show `name`."""
    # matplotlib's legends skip labels that begin with an underscore.
    return as_written(f" {name}" if name.startswith("_") else name)


def blank(ax: Axes, x_limits: tuple[float, float], y_limits: tuple[float, float], title: str | None = None) -> None:
    """Show the given range at equal scale, without a frame and ticks."""
    ax.set(xlim=x_limits, ylim=y_limits, xticks=[], yticks=[])
    ax.set_aspect("equal")
    ax.set_frame_on(False)
    if title is not None:
        ax.set_title(as_written(title))


def color_bar(ax: Axes, scale: ValueScale, label: str) -> None:
    """Add a color bar beside `ax`, taking part of its width."""
    bar = ax.figure.colorbar(scale.mappable(), ax=ax, shrink=0.7, aspect=24, pad=0.03)
    bar.set_label(label)


def foreground() -> str:
    """The color of text and lines on the background in the current style."""
    return to_hex(rcParams["text.color"])
