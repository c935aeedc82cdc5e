"""What the plots share about axes: making one where none is given, emptying one, colour bars."""

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from infomorphic.plots.palette import ValueScale


def axes_or_new(ax: Axes | None, figure_size: tuple[float, float]) -> Axes:
    """`ax`, or the axis of a new figure of `figure_size` inches."""
    if ax is not None:
        return ax
    # Only here: importing pyplot chooses a backend, which a program that brings its own axes should not pay for.
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=figure_size, layout="constrained")[1]


def as_written(text: str) -> str:
    """A name of users for a text of a figure, where matplotlib would set what stands between two dollar signs as a formula."""
    return text.replace("$", r"\$")


def label_of(name: str) -> str:
    """The label of what a legend should name as `name`."""
    # matplotlib leaves out labels that begin with an underscore.
    return as_written(f" {name}" if name.startswith("_") else name)


def blank(ax: Axes, x_limits: tuple[float, float], y_limits: tuple[float, float], title: str | None = None) -> None:
    """Show the given range at equal scale, without frame and ticks."""
    ax.set(xlim=x_limits, ylim=y_limits, xticks=[], yticks=[])
    ax.set_aspect("equal")
    ax.set_frame_on(False)
    if title is not None:
        ax.set_title(as_written(title))


def colour_bar(ax: Axes, scale: ValueScale, label: str) -> None:
    """A colour bar beside `ax`, which gives up some of its width for it."""
    bar = ax.figure.colorbar(scale.mappable(), ax=ax, shrink=0.7, aspect=24, pad=0.03)
    bar.set_label(label)


def foreground() -> str:
    """The colour of text and lines on the background, as the present style sets it."""
    return to_hex(rcParams["text.color"])
