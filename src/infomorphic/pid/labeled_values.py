"""Values with a label each: atoms, redundancies and mutual informations."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from jaxtyping import Float

from infomorphic.errors import UnknownAtomError
from infomorphic.pid._arrays import Array
from infomorphic.pid.antichains import Antichain, format_antichain, parse_label, source_names


class LabeledValues(Mapping[str, Array]):
    """Values by label of antichain, in bits. Iteration goes up the lattice and yields labels with source numbers.

    A key may be written in any order (`{31}{2}`). If the sources have one-letter names, keys may use them (`{LF}{C}`).
    """

    def __init__(self, positions: Mapping[Antichain, int], num_sources: int, values: Float[Array, "*batch columns"], letters: str | None):
        self._positions = positions
        self._num_sources = num_sources
        self._values = values
        self._letters = letters

    @cached_property
    def array(self) -> Float[Array, "*batch labels"]:
        """All values, in the order of the labels along the last axis."""
        columns = list(self._positions.values())
        return self._values if columns == list(range(self._values.shape[-1])) else self._values[..., columns]

    def __getitem__(self, label: str) -> Float[Array, "*batch"]:
        antichain = parse_label(label, self._letters or source_names(self._num_sources))
        if antichain not in self._positions:
            raise UnknownAtomError(f"no value for {label!r}; there are values for {', '.join(list(self)[:8])}.")
        return self._values[..., self._positions[antichain]][()]  # a zero-dimensional NumPy array becomes a scalar

    def __iter__(self) -> Iterator[str]:
        names = source_names(self._num_sources)
        return (format_antichain(antichain, names) for antichain in self._positions)

    def __len__(self) -> int:
        return len(self._positions)

    def __repr__(self) -> str:
        shown = ", ".join(f"{label}: {_short(self[label])}" for label in list(self)[:18])
        return "{" + shown + (", …}" if len(self) > 18 else "}")


def _short(value: Array) -> str:
    return f"{float(value):.4f}" if value.ndim == 0 else f"array{tuple(value.shape)}"
