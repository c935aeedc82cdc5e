"""A complete decomposition in one figure, saved to a file."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from infomorphic.pid import Decomposition
from infomorphic.plots.atom_bars import plot_atoms
from infomorphic.plots.atom_values import PlotValueError
from infomorphic.plots.axes import as_written
from infomorphic.plots.figures import save_picture
from infomorphic.plots.hasse import plot_hasse
from infomorphic.plots.information_diagram import plot_information_diagram
from infomorphic.plots.palette import DIVERGING

FORMATS = (".png", ".svg", ".pdf")
_MOST_BARS = 18


def save_decomposition(d: Decomposition, path: Path, *, names: Sequence[str], target: str) -> None:
    """Save a figure of the decomposition of a single distribution with 1 to 4 sources.

    It shows the information diagram (two or three sources) or the lattice, and the atoms as bars. For four sources, only the largest
    atoms have bars.

    Args:
        d: a decomposition without a batch.
        path: a PNG, SVG or PDF file; an existing file is replaced.
        names: names of the sources, in order.
        target: name of the target.

    Raises:
        PlotValueError: if the format is not supported, or there are five sources.
    """
    check_format(path)
    if d.num_sources > 4:
        raise PlotValueError("a picture must have at most four sources; got five, whose lattice has 7579 antichains.")
    figure = Figure(figsize=(15, 6.5) if d.num_sources < 4 else (17, 8), layout="constrained")
    FigureCanvasAgg(figure)  # a separate figure: pyplot's state does not change
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    atoms = {label: float(d.atoms[label]) for label in d.atoms}
    residual = float(d.residual_entropy)
    if d.num_sources in (2, 3):
        plot_information_diagram(atoms, residual, ax=left, target=target)
    else:
        plot_hasse(atoms, ax=left)
    if d.num_sources < 4:
        plot_atoms(atoms, residual, ax=right)
    else:
        _plot_largest(atoms, right)
    listed = ", ".join(f"{i} = {name}" for i, name in enumerate(names, 1))
    figure.suptitle(as_written(f"Information about {target} from {listed}"), fontsize=13, wrap=True)
    save_picture(figure, path, dpi=150)


def check_format(path: Path) -> None:
    """Raise `PlotValueError` unless a picture can be saved under this path."""
    if path.suffix.lower() not in FORMATS:
        raise PlotValueError(f"a picture must be a PNG, SVG or PDF file; got {path.name!r}.")
    if not path.parent.is_dir():
        raise PlotValueError(f"there is no folder {path.parent}.")


def _plot_largest(atoms: dict[str, float], ax: Axes) -> None:
    """Draw only the largest atoms as bars: 166 bars would be unreadable."""
    largest = sorted(atoms, key=lambda label: -abs(atoms[label]))[:_MOST_BARS]
    values = [atoms[label] for label in largest]
    ax.barh(range(len(largest)), values, color=[DIVERGING(0.85 if v >= 0 else 0.15) for v in values])
    ax.set_yticks(range(len(largest)), largest)
    ax.invert_yaxis()
    ax.axvline(0, color="0.4", linewidth=0.8)
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_xlabel("value (bits)")
    ax.set_title(f"the {len(largest)} largest of {len(atoms)} atoms")
