"""Mappings keyed by atom, for sources with one-letter names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from infomorphic.errors import AntichainError, GoalError, UnknownAtomError, did_you_mean
from infomorphic.pid.antichains import check_num_sources, parse_antichain, source_names
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.quoting import quoted

T = TypeVar("T")

_PREFERRED = "FCL"
# An atom of five sources has at most 50 characters; the rest allows for spaces and commas.
_LONGEST_LABEL = 400
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def in_default_order(names: Iterable[str]) -> str:
    """The distinct `names`: first F, C and L, then the others alphabetically."""
    return "".join(sorted(set(names), key=lambda name: (_PREFERRED.find(name) % (len(_PREFERRED) + 1), name)))


def default_sources(num_sources: int) -> str:
    """The default names of `num_sources` sources: F, C, L, then the alphabet.

    Raises:
        TooManySourcesError: if `num_sources` is not between 1 and 5.
    """
    check_num_sources(num_sources)
    return in_default_order(_ALPHABET)[:num_sources]


def check_sources(sources: str) -> None:
    """Raise unless `sources` is 1 to 5 distinct letters."""
    if not isinstance(sources, str) or not sources.isalpha() or len(set(sources)) != len(sources):
        raise GoalError(f'`sources` must be one distinct letter per source, such as "FCL"; got {quoted(sources)}.')
    check_num_sources(len(sources))


def atom_position(label: str, sources: str) -> int:
    """The position in the lattice of the antichain with this label. The label may use names or numbers of sources.

    Raises:
        AntichainError: if `label` is not an antichain of `sources`; suggests the nearest atom. See `parse_antichain`.
    """
    if isinstance(label, str) and len(label) > _LONGEST_LABEL:
        raise AntichainError(f"the label of an atom must have at most {_LONGEST_LABEL} characters; got {len(label)}, {quoted(label, 40)}.")
    numbered = isinstance(label, str) and any(c.isdigit() for c in label)
    names = source_names(len(sources)) if numbered else sources
    lattice = redundancy_lattice(len(sources))
    try:
        return lattice.position(parse_antichain(label, names))
    except AntichainError as error:
        near = did_you_mean(label.upper() if names.isupper() else label, lattice.labels(names)) if isinstance(label, str) else ""
        raise type(error)(f"{error}{near}") from None


class AtomMapping(Mapping[str, T], Generic[T]):
    """One value per atom of `sources`, in the order of the lattice, and optionally further values by plain name.

    Keys print with the sources' letters (`{F}{CL}`). Lookups accept any order of sets and members, and source numbers:
    `{LC}{F}` and `{1}{23}` are the same key.

    Args:
        sources: the one-letter names of the sources.
        values: one value per antichain, in the order of `redundancy_lattice(len(sources)).antichains`.
        others: values that do not belong to an atom, such as the residual entropy, under names without braces.
    """

    def __init__(self, sources: str, values: Iterable[T], others: Mapping[str, T] | None = None) -> None:
        self.sources = sources
        labels = redundancy_lattice(len(sources)).labels(sources)
        self._values: dict[str, T] = dict(zip(labels, values, strict=True)) | dict(others or {})

    def __getitem__(self, label: str) -> T:
        try:
            return self._values[label]
        except KeyError:
            pass
        try:
            position = atom_position(label, self.sources)
        except AntichainError as error:
            raise UnknownAtomError(str(error)) from None
        return self._values[redundancy_lattice(len(self.sources)).labels(self.sources)[position]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._values!r})"
