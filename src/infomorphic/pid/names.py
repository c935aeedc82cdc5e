"""The names of sources and target, which travel with a decomposition."""

from collections.abc import Sequence
from typing import NamedTuple

from infomorphic.errors import AntichainError


class Names(NamedTuple):
    """The names of the sources, in order, and of the target."""

    sources: tuple[str, ...]
    target: str

    @property
    def letters(self) -> str | None:
        """The names of the sources as one string if they are distinct single letters, else None. Labels may use such letters."""
        joined = "".join(self.sources)
        return joined if joined.isalpha() and len(joined) == len(self.sources) == len(set(joined)) else None

    @property
    def legend(self) -> dict[str, str]:
        """The name of each source by the digit that stands for it in an antichain."""
        return {str(i): name for i, name in enumerate(self.sources, 1)}

    def information(self, members: Sequence[int]) -> str:
        """The mutual information with a set of sources (indices from 0) as text, for example `I(spike : stimulus, context)`."""
        return f"I({self.target} : {', '.join(self.sources[i] for i in members)})"

    def antichain(self, antichain: Sequence[Sequence[int]]) -> str:
        """An antichain with the names of the sources, for example `{stimulus}{context, neighbor}`."""
        return "".join("{" + ", ".join(self.sources[i] for i in members) + "}" for members in antichain)


def names_of(names: Sequence[str] | None, num_sources: int) -> Names:
    """The names of `num_sources` sources and, if it is named, the target. Without names: source 1, source 2, …, target.

    Raises:
        AntichainError: if there is another number of names.
    """
    given = [f"source {i}" for i in range(1, num_sources + 1)] if names is None else [str(name) for name in names]
    if len(given) not in (num_sources, num_sources + 1) or not all(given):
        raise AntichainError(
            f"`names` must be the names of {num_sources} sources and, last, of the target; got {list(given)}. "
            "Without the last, the target is called target."
        )
    return Names(tuple(given[:num_sources]), given[num_sources] if len(given) > num_sources else "target")
