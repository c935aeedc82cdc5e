"""`assess_table`: how sure the decomposition of a table is, with nulls and resampling written as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from infomorphic.errors import TableError, did_you_mean
from infomorphic.estimation.frames import as_frame
from infomorphic.estimation.tables import column_position, discretize_table
from infomorphic.pid import RedundancyMeasure
from infomorphic.pid.discretization import Bins
from infomorphic.statistics.assessment import Assessment, IntervalMethod, assess
from infomorphic.statistics.corrections import Correction
from infomorphic.statistics.rows import (
    Bootstrap,
    DrawBlocks,
    DrawRows,
    DrawTrials,
    Permutation,
    PermuteBlocks,
    PermuteSource,
    PermuteTarget,
    PermuteTrials,
    PermuteWithin,
    Shift,
)

if TYPE_CHECKING:
    import pandas as pd

NULLS = "target, the name of a source, shift, shift:COLUMN, blocks:LENGTH, within:COLUMN or trials:COLUMN"
OVERS = "rows, blocks:LENGTH or trials:COLUMN"


def assess_table(
    table: Any,
    target: Any,
    sources: Any,
    *,
    bins: Bins | Mapping[Any, Bins] = None,
    measure: str | RedundancyMeasure = "sx",
    weights: Any = None,
    missing: Literal["error", "drop"] = "error",
    test: int = 0,
    null: str = "target",
    adjust: bool = False,
    interval: int = 0,
    over: str = "rows",
    method: IntervalMethod = "bias-corrected",
    correct: Correction = "none",
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Assessment:
    """Decompose columns of a table as `decompose_table` does, and say how sure the result is, as `assess` does.

    Args:
        table: as for `infomorphic.estimation.decompose_table`, as are `target`, `sources`, `bins`, `weights` and `missing`.
        null: what is permuted. `"target"`: the target. The name of a source: this source alone. `"within:COLUMN"`: the target
            among rows with the same entry in COLUMN. `"shift"`: the target is shifted in time; `"shift:COLUMN"`: within each
            trial that COLUMN names. `"blocks:LENGTH"`: blocks of rows of the target. `"trials:COLUMN"`: whole trials of it.
            `"source:NAME"` is the source NAME, should it be named like another null.
        over: what the bootstrap draws: `"rows"`, `"blocks:LENGTH"` or `"trials:COLUMN"`.
        test: as for `infomorphic.statistics.assess`, as are `measure`, `adjust`, `interval`, `method`, `correct`, `seed` and `progress`.

    Raises:
        TableError: if a column does not exist, or `null` or `over` is not written as above.
        InvalidSamplesError, MeasureError: as in `assess`.

    Warns:
        ChanceWarning: if p of the information of all sources is above 0.05.
    """
    frame = as_frame(table)
    names = [str(s) for s in sources] if isinstance(sources, Sequence) and not isinstance(sources, str) else [str(sources)]
    given_null, given_over = parse_null(null, frame, names), parse_over(over, frame)
    observations = discretize_table(frame, target, sources, bins=bins, weights=weights, missing=missing)
    return assess(
        observations,
        measure,
        test=test,
        null=given_null,
        adjust=adjust,
        interval=interval,
        over=given_over,
        method=method,
        correct=correct,
        seed=seed,
        progress=progress,
    )


def parse_null(text: str, frame: pd.DataFrame, sources: Sequence[str]) -> Permutation:
    """The null that `text` names (see `assess_table`).

    Raises:
        TableError: if it names none, or both a null and a source.
    """
    kind, colon, rest = text.partition(":")
    if text in sources and text in ("target", "shift"):
        raise TableError(f"`null` must name one thing; {text!r} is a source too. Write source:{text} for the source, or rename its column.")
    if text in sources:
        return PermuteSource(sources.index(text))
    match kind, colon:
        case "target", "":
            return PermuteTarget()
        case "shift", "":
            return Shift()
        case "source", ":" if rest in sources:
            return PermuteSource(sources.index(rest))
        case "shift", ":":
            return Shift(_column(frame, rest))
        case "within", ":":
            return PermuteWithin(_column(frame, rest))
        case "trials", ":":
            return PermuteTrials(_column(frame, rest))
        case "blocks", ":":
            return PermuteBlocks(_length("null", text, rest))
    known = ["target", "shift", *sources]
    raise TableError(f"`null` must be {NULLS}; got {text!r}. The sources are {', '.join(sources)}.{did_you_mean(text, known)}")


def parse_over(text: str, frame: pd.DataFrame) -> Bootstrap:
    """What the bootstrap draws, from text (see `assess_table`).

    Raises:
        TableError: if the text is not written so.
    """
    kind, colon, rest = text.partition(":")
    match kind, colon:
        case "rows", "":
            return DrawRows()
        case "trials", ":":
            return DrawTrials(_column(frame, rest))
        case "blocks", ":":
            return DrawBlocks(_length("over", text, rest))
    raise TableError(f"`over` must be {OVERS}; got {text!r}.{did_you_mean(text, ['rows', 'blocks:LENGTH', 'trials:COLUMN'])}")


def _column(frame: pd.DataFrame, name: str) -> Any:
    return frame.iloc[:, column_position(frame, name)].to_numpy()


def _length(parameter: str, text: str, rest: str) -> int:
    try:
        return int(rest)
    except ValueError:
        raise TableError(f"`{parameter}` must have a number of rows after blocks:, for example blocks:20; got {text!r}.") from None
