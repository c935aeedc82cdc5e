"""Labels of antichains: `{1}{23}` for any sources, `{F}{CL}` where the sources have one-letter names.

An antichain is a set of sets of sources in which no set contains another. In code it is a tuple of tuples of 0-based
source indices, sorted by size and then by members, so that equal antichains are equal objects.

Source: Williams and Beer 2010 (arXiv:1004.2515), sec. 3.
"""

import re
from collections.abc import Iterable, Sequence

from infomorphic.errors import AntichainError, TooManySourcesError

Antichain = tuple[tuple[int, ...], ...]

MAX_SOURCES = 5

_LABEL = re.compile(r"\s*(\{[^{}]*\}\s*)+")
_SET = re.compile(r"\{([^{}]*)\}")


def source_names(num_sources: int) -> str:
    """The default names `"1"`, `"2"`, … of `num_sources` sources, as one string.

    Raises:
        TooManySourcesError: if `num_sources` is not between 1 and 5.
    """
    check_num_sources(num_sources)
    return "12345"[:num_sources]


def check_num_sources(num_sources: int) -> None:
    """Raise `TooManySourcesError` unless there are 1 to 5 sources."""
    if not 1 <= num_sources <= MAX_SOURCES:
        raise TooManySourcesError(
            f"the number of sources must be between 1 and {MAX_SOURCES}; got {num_sources}. "
            "The redundancy lattice of six sources has 7 828 352 antichains: join several columns into one source, or leave some out."
        )


def parse_label(label: str, names: Sequence[str]) -> Antichain:
    """Like `parse_antichain`, but accepts source numbers too: `{1}{2}` and `{F}{C}` are the same."""
    digits = "12345"[: len(names)]
    numbered = isinstance(label, str) and any(c.isdigit() for c in label)
    return parse_antichain(label, digits if numbered else names)


def canonical(antichain: Iterable[Iterable[int]]) -> Antichain:
    """The antichain in canonical order: sets sorted by size, then by members."""
    return tuple(sorted((tuple(sorted(members)) for members in antichain), key=lambda s: (len(s), s)))


def precedes(alpha: Antichain, beta: Antichain) -> bool:
    """Whether α ⪯ β: every member of β contains a member of α.

    Source: Williams and Beer 2010, eq. 5.
    """
    return all(any(set(a) <= set(b) for a in alpha) for b in beta)


def format_antichain(antichain: Antichain, names: Sequence[str]) -> str:
    """The label of an antichain, e.g. `{1}{23}` for `((0,), (1, 2))` and the names `"123"`."""
    return "".join("{" + "".join(names[i] for i in members) + "}" for members in antichain)


def parse_antichain(label: str, names: Sequence[str]) -> Antichain:
    """Parse the label of an antichain. Sets and members may be written in any order.

    Args:
        label: for example `{F}{CL}`, `{LC}{F}` or `{1}{23}`; spaces and commas are ignored.
        names: the one-character names of the sources, in order.

    Raises:
        AntichainError: if the label is malformed, names an unknown source, repeats a set, or if one of its sets
            contains another (then it is not an antichain).
    """
    if not isinstance(label, str) or not _LABEL.fullmatch(label):
        example = format_antichain(((0,),) if len(names) == 1 else ((0,), (1,)), names)
        raise AntichainError(f'a label must be one or more sets in braces, such as "{example}"; got {label!r}.')
    sets: list[tuple[int, ...]] = []
    for written in _SET.findall(label):
        letters = [c for c in written if c not in " ,"]
        if not letters:
            raise AntichainError(f"{label!r} has an empty set; every set must name at least one source.")
        unknown = [c for c in letters if c not in names]
        if unknown:
            raise AntichainError(f"{label!r} names the source {unknown[0]!r}; the sources here are {', '.join(names)}.")
        if len(set(letters)) != len(letters):
            raise AntichainError(f"{label!r} names a source twice in {{{written}}}; write each once.")
        sets.append(tuple(sorted(list(names).index(c) for c in letters)))
    for i, a in enumerate(sets):
        for b in sets[:i]:
            if a == b:
                raise AntichainError(f"{label!r} names the set {format_antichain((a,), names)} twice; write it once.")
            if set(a) < set(b) or set(b) < set(a):
                small, large = (a, b) if set(a) < set(b) else (b, a)
                raise AntichainError(
                    f"{label!r} is not an antichain: {format_antichain((large,), names)} contains {format_antichain((small,), names)}. "
                    f"The larger set includes all information of the smaller, so leave out {format_antichain((large,), names)}."
                )
    return canonical(sets)
