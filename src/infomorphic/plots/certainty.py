"""Atoms as bars, with their intervals and what chance gives."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from infomorphic.pid.antichains import parse_antichain
from infomorphic.plots.atom_bars import plot_atoms
from infomorphic.plots.atom_values import PlotValueError, finite, read_atoms
from infomorphic.plots.axes import foreground

Ranges = Mapping[str, tuple[float, float]]

_HALF = 0.4
"""Half of a bar's height."""
_MARGIN = 0.04


def plot_certainty(
    atoms: Mapping[str, float], *, intervals: Ranges | None = None, chance: Ranges | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a bar per atom with its 95 % interval, over the range in which 95 % of chance results lie.

    Args:
        atoms: a value in bits for the label of every antichain of one to four sources.
        intervals: the lower and upper end for some or all atoms, drawn as lines with caps. The bar need not end inside of it: an
            interval may correct a bias that the value has.
        chance: the range under the null hypothesis for some or all atoms, drawn as gray boxes.
        ax: the axis to draw on; by default that of a new figure.

    Returns:
        The axis.

    Raises:
        PlotValueError: if a range is not finite or ends before it begins.
        AntichainError, UnknownAtomError, TooManySourcesError: as in `plot_atoms`.
    """
    read = read_atoms(atoms)

    def places(ranges: Ranges | None, what: str) -> list[tuple[int, float, float]]:
        found = []
        for label, (low, high) in (ranges or {}).items():
            ends = finite(low, f"the {what} of {label}"), finite(high, f"the {what} of {label}")
            if ends[0] > ends[1]:
                raise PlotValueError(f"the {what} of {label} must not end before it begins; got {low} to {high}.")
            found.append((read.lattice.position(parse_antichain(label, read.sources)), *ends))
        return found

    of_intervals, of_chance = places(intervals, "interval"), places(chance, "range by chance")
    ax = plot_atoms(atoms, ax=ax, values=False)
    for row, low, high in of_chance:
        # Over the bar and half transparent: a bar that ends inside of the box is what chance gives.
        ax.add_patch(Rectangle((low, row - _HALF), high - low, 2 * _HALF, facecolor="0.5", edgecolor="0.5", alpha=0.45, zorder=2.5))
    if of_intervals:
        rows, lows, highs = zip(*of_intervals, strict=True)
        middles = [(low + high) / 2 for low, high in zip(lows, highs, strict=True)]
        halves = [(high - low) / 2 for low, high in zip(lows, highs, strict=True)]
        ax.errorbar(middles, rows, xerr=halves, fmt="none", ecolor=foreground(), elinewidth=1.2, capsize=2.5, zorder=3)
    ends = [end for _, low, high in (*of_intervals, *of_chance) for end in (low, high)]
    left, right = ax.get_xlim()
    margin = _MARGIN * (max([right, *ends]) - min([left, *ends]))
    if ends and min(ends) - margin < left:
        left = min(ends) - margin
    if ends and max(ends) + margin > right:
        right = max(ends) + margin
    ax.set_xlim(left, right)
    return ax
