"""The atoms passed to a plot, checked and in lattice order."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, SupportsFloat

import numpy as np
from jaxtyping import Float64

from infomorphic.errors import AntichainError, InfomorphicError, TooManySourcesError, UnknownAtomError
from infomorphic.pid.antichains import parse_antichain
from infomorphic.pid.lattice import RedundancyLattice, redundancy_lattice

MAX_PLOTTED_SOURCES = 4


class PlotValueError(InfomorphicError, ValueError):
    """A value, an error bar or a color limit cannot be drawn."""


@dataclass(frozen=True, eq=False)
class AtomValues:
    """One number per antichain of `lattice`, in its order."""

    lattice: RedundancyLattice
    sources: str
    """The one-letter name of each source."""
    labels: tuple[str, ...]
    values: Float64[np.ndarray, " antichains"]
    """In bits."""


def read_atoms(atoms: Mapping[str, SupportsFloat], sources: str | None = None, max_sources: int = MAX_PLOTTED_SOURCES) -> AtomValues:
    """The atoms in lattice order, for any order and spelling of the labels in `atoms`.

    Args:
        atoms: a value in bits for the label of every antichain, such as `{"{1}{2}": 0.1, "{1}": 0.0, "{2}": 0.3, "{12}": 0.6}`.
        sources: the one-letter names of the sources, in order; by default those in the labels (see `sources_of`).
        max_sources: the largest number of sources that the plot can show.

    Raises:
        AntichainError: if a label is malformed or names another source, or if two labels mean the same atom.
        UnknownAtomError: if an atom is missing.
        TooManySourcesError: if there are more than `max_sources` sources.
        PlotValueError: if a value is not a finite number.
    """
    sources = sources_of(atoms) if sources is None else sources
    if len(set(sources)) != len(sources):
        raise AntichainError(f'`sources` must be different letters, such as "FCL"; got {sources!r}.')
    if not 1 <= len(sources) <= max_sources:
        raise TooManySourcesError(
            f"this plot shows 1 to {max_sources} sources; got {len(sources)} ({', '.join(sources)}). "
            "Leave some out, or join several into one."
        )
    lattice = redundancy_lattice(len(sources))
    labels = lattice.labels(sources)
    spelling: dict[int, str] = {}
    values = np.zeros(len(lattice))
    for label, value in atoms.items():
        position = lattice.position(parse_antichain(label, sources))
        if position in spelling:
            raise AntichainError(f"{spelling[position]!r} and {label!r} mean the same atom; give it once.")
        spelling[position] = label
        values[position] = finite(value, f"the atom {label}")
    missing = [label for position, label in enumerate(labels) if position not in spelling]
    if missing:
        shown = ", ".join(missing[:4]) + (f" and {len(missing) - 4} more" if len(missing) > 4 else "")
        raise UnknownAtomError(
            f"`atoms` must have a value for each of the {len(lattice)} atoms of the sources {', '.join(sources)}; it lacks {shown}."
        )
    return AtomValues(lattice, sources, labels, values)


def sources_of(labels: Sequence[str] | Mapping[str, Any]) -> str:
    """The one-letter names in the labels: digits ascending, then F, C and L, then others in order of appearance."""
    found = "".join(dict.fromkeys(c for label in labels if isinstance(label, str) for c in label if c not in "{}, "))
    if not found:
        raise AntichainError('`atoms` must map labels such as "{1}{2}" to values; got no label that names a source.')
    if found.isdigit():
        return "".join(sorted(found))
    return "".join(c for c in "FCL" if c in found) if set(found) <= set("FCL") else found


def finite(value: SupportsFloat, what: str) -> float:
    """`value` (a number, or an array or tensor of one number) as a finite float.

    Raises:
        PlotValueError: if it is not one finite number.
    """
    try:
        number = float(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise PlotValueError(f"{what} must be one number in bits; got {value!r}. Select or average over batch axes first.") from error
    if not math.isfinite(number):
        raise PlotValueError(f"{what} must be finite; got {number}.")
    return number
