"""A decomposition on one axis, or as a figure in a file."""

from pathlib import Path
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from infomorphic.pid import Decomposition
from infomorphic.plots.atom_bars import plot_atoms
from infomorphic.plots.atom_values import PlotValueError, finite
from infomorphic.plots.axes import as_written, axes_or_new
from infomorphic.plots.certainty import Ranges, plot_certainty
from infomorphic.plots.figures import save_picture
from infomorphic.plots.hasse import plot_hasse
from infomorphic.plots.information_diagram import plot_information_diagram
from infomorphic.plots.palette import DIVERGING

FORMATS = (".png", ".svg", ".pdf")
_MOST_BARS = 18


def plot_decomposition(d: Decomposition, ax: Axes | None = None, *, kind: Literal["diagram", "lattice", "bars"] | None = None) -> Axes:
    """Draw the decomposition of a single distribution, with the names of its sources and target.

    Args:
        d: a decomposition without a batch.
        ax: the axis to draw on; by default that of a new figure.
        kind: `"diagram"` (1 to 3 sources), `"lattice"` (up to 4) or `"bars"`; of four and five sources, only the largest atoms have bars. By
            default the diagram for two and three sources, the lattice for four, and bars otherwise.

    Returns:
        The axis.

    Raises:
        PlotValueError: if `kind` is another word, or `d` is a batch.
        TooManySourcesError: if there are too many sources for this kind.
    """
    chosen = kind or {2: "diagram", 3: "diagram", 4: "lattice"}.get(d.num_sources, "bars")
    atoms = {label: finite(d.atoms[label], f"the atom {label}") for label in d.atoms}
    residual = finite(d.residual_entropy, "the residual entropy")
    if chosen == "diagram":
        ax = plot_information_diagram(atoms, residual, ax, names=d.names.sources, target=d.names.target)
    elif chosen == "lattice":
        ax = plot_hasse(atoms, ax)
    elif chosen == "bars":
        ax = plot_atoms(atoms, residual, ax) if d.num_sources < 4 else _plot_largest(atoms, ax)
    else:
        raise PlotValueError(f'`kind` must be "diagram", "lattice" or "bars"; got {kind!r}.')
    ax.set_title(as_written(f"Information about {d.names.target}\n{_legend(d)}"), wrap=True, fontsize="medium")
    return ax


def save_decomposition(d: Decomposition, path: Path, *, intervals: Ranges | None = None, chance: Ranges | None = None) -> None:
    """Save a figure of the decomposition of a single distribution with 1 to 4 sources.

    It shows the information diagram (two or three sources) or the lattice, and the atoms as bars. For four sources, only the largest
    atoms have bars. The sentences of `d.describe()` are in the file's metadata, as a text for those who do not see the picture.

    Args:
        d: a decomposition without a batch.
        path: a PNG, SVG or PDF file; an existing file is replaced.
        intervals: the intervals of the atoms, as for `plot_certainty`; drawn for up to three sources.
        chance: the ranges by chance, as for `plot_certainty`; drawn for up to three sources.

    Raises:
        PlotValueError: if the format is not supported, there are five sources, or `d` is a batch.
    """
    check_format(path)
    if d.num_sources > 4:
        raise PlotValueError("a picture must have at most four sources; got five, whose lattice has 7579 antichains.")
    figure = Figure(figsize=(15, 6.5) if d.num_sources < 4 else (17, 8), layout="constrained")
    FigureCanvasAgg(figure)  # a separate figure: pyplot's state does not change
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    plot_decomposition(d, left, kind="diagram" if d.num_sources in (2, 3) else "lattice").set_title("")
    if d.num_sources < 4 and (intervals or chance):
        drawn = [text for text, ranges in (("lines: 95 % intervals", intervals), ("gray: 95 % of chance", chance)) if ranges]
        plot_certainty(d.atoms, intervals=intervals, chance=chance, ax=right).set_title("; ".join(drawn), fontsize="medium")
    else:
        plot_decomposition(d, right, kind="bars").set_title(
            f"the {_MOST_BARS} largest of {len(d.atoms)} atoms" if d.num_sources == 4 else ""
        )
    figure.suptitle(as_written(f"Information about {d.names.target} from {_legend(d)}"), fontsize=13, wrap=True)
    key = "Subject" if path.suffix.lower() == ".pdf" else "Description"
    save_picture(figure, path, dpi=150, metadata={key: " ".join(d.describe(most=_MOST_BARS))})


def _legend(d: Decomposition) -> str:
    """The name of the source that each digit stands for."""
    return ", ".join(f"{digit} = {name}" for digit, name in d.names.legend.items())


def check_format(path: Path) -> None:
    """Raise `PlotValueError` unless a picture can be saved under this path."""
    if path.suffix.lower() not in FORMATS:
        raise PlotValueError(f"a picture must be a PNG, SVG or PDF file; got {path.name!r}.")
    if not path.parent.is_dir():
        raise PlotValueError(f"there is no folder {path.parent}.")


def _plot_largest(atoms: dict[str, float], ax: Axes | None) -> Axes:
    """Draw only the largest atoms as bars: 166 bars would be unreadable."""
    largest = sorted(atoms, key=lambda label: -abs(atoms[label]))[:_MOST_BARS]
    values = [atoms[label] for label in largest]
    ax = axes_or_new(ax, (6.4, 0.9 + 0.27 * len(largest)))
    ax.barh(range(len(largest)), values, color=[DIVERGING(0.85 if v >= 0 else 0.15) for v in values])
    ax.set_yticks(range(len(largest)), largest)
    ax.invert_yaxis()
    ax.axvline(0, color="0.4", linewidth=0.8)
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_xlabel("value (bits)")
    ax.set_title(f"the {len(largest)} largest of {len(atoms)} atoms")
    return ax
