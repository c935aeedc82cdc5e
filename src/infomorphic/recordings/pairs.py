"""`Pairs`: decompositions of many combinations of sources and targets, as a tidy frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infomorphic.errors import RecordingError
from infomorphic.pid import RedundancyMeasure
from infomorphic.pid.antichains import format_antichain, parse_label, source_names
from infomorphic.pid.provenance import Binning
from infomorphic.quoting import quoted
from infomorphic.recordings.saving import save_frame
from infomorphic.statistics import Permutation
from infomorphic.statistics.tables import labels_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Pairs:
    """Decompositions of many combinations of sources and targets."""

    frame: pd.DataFrame
    """One row per target, combination of sources, lag and label. Columns: `target`; `source_1`, …; `lag`; `history`; `label`, of an
    atom (`{1}{2}`) or a mutual information (`I{12}`); `bits`; after a test `null_mean`, `null_low`, `null_high` (95 % of the null
    distribution are between them), `p` and, if asked for, `p_holm`. With a history, the last source is the target's own past, such as
    `x[t-1]`; the mutual information of the past alone is not tested."""
    targets: tuple[str, ...]
    sources: tuple[str, ...]
    num_sources: int
    """Number of sources of a combination, the target's own past not counted."""
    lags: tuple[int, ...]
    """How many time bins before the target the sources are taken. All sources of a combination have the same lag."""
    history: int
    """Number of past bins of the target that are the last source; 0 for none."""
    measure: RedundancyMeasure
    observations: int
    """Number of time bins that are used. It is the same for all lags."""
    num_trials: int
    binning: tuple[Binning, ...]
    permutations: int = 0
    null: Permutation | None = None

    @property
    def labels(self) -> list[str]:
        """The labels of the atoms, then of the mutual informations."""
        return labels_of(self.num_sources + (self.history > 0))

    @property
    def telling_label(self) -> str:
        """The label that says most about a combination: the information of one source; with a history, what only the source provides;
        of several sources, the synergy of all.
        """
        if self.num_sources == 1:
            return "{1}" if self.history else "I{1}"
        return "{" + source_names(self.num_sources) + "}"

    def matrix(self, label: str | None = None, lag: int | None = None) -> pd.DataFrame:
        """One value per target (rows) and source (columns), in bits; NaN where a variable would be its own source.

        Args:
            label: the label of an atom or a mutual information, by default `telling_label`. It is read with the source of the column as
                source 1. With several sources per combination, values are means over all other sources.
            lag: one of the lags; by default the first.

        Raises:
            RecordingError: if there is no such label or lag.
        """
        import pandas as pd

        label = self.telling_label if label is None else label
        lag = self.lags[0] if lag is None else lag
        if label not in self.labels:
            raise RecordingError(f"`label` must be one of {', '.join(self.labels[:30])}; got {quoted(label)}.")
        if lag not in self.lags:
            raise RecordingError(f"`lag` must be one of {', '.join(map(str, self.lags))}; got {quoted(lag)}.")
        frame = self.frame[self.frame["lag"] == lag]
        parts = []
        for k in range(self.num_sources):
            rows = frame[frame["label"] == _with_source_first(label, k, self.num_sources + (self.history > 0))]
            parts.append(
                pd.DataFrame({"target": rows["target"].astype(str), "source": rows[f"source_{k + 1}"].astype(str), "bits": rows["bits"]})
            )
        means = pd.concat(parts).pivot_table(index="target", columns="source", values="bits", aggfunc="mean")
        return means.reindex(index=list(self.targets), columns=list(self.sources))

    def save(self, path: Path | str) -> None:
        """Write `frame` as Parquet, CSV or Feather, by the suffix of the file: .parquet, .csv or .feather.

        Raises:
            TableError: if the suffix is another one, or the folder does not exist.
        """
        save_frame(self.frame, Path(path))


def _with_source_first(label: str, k: int, num_sources: int) -> str:
    """The label that `label` becomes if source `k` is listed first: sources before it come one place later."""
    prefix, antichain = ("I", label[1:]) if label.startswith("I") else ("", label)
    listed = [k, *(i for i in range(num_sources) if i != k)]
    members = parse_label(antichain, source_names(num_sources))
    renamed = "".join("{" + "".join(sorted(source_names(num_sources)[listed[i]] for i in member)) + "}" for member in members)
    return prefix + format_antichain(parse_label(renamed, source_names(num_sources)), source_names(num_sources))
