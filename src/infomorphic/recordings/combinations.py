"""`decompose_pairs`: the information of every source, pair or triple of sources about every target of a recording."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from jaxtyping import Int64

from infomorphic.errors import InvalidSamplesError, RecordingError
from infomorphic.limits import LARGEST_SEED, check_fits_memory
from infomorphic.pid import RedundancyMeasure, UndersampledWarning
from infomorphic.pid.discretization import Bins
from infomorphic.pid.marginals import join_codes
from infomorphic.pid.measures import resolve_measure
from infomorphic.pid.samples import ENOUGH_PER_CELL
from infomorphic.quoting import quoted
from infomorphic.recordings.batch import Coded, values_of_combinations
from infomorphic.recordings.lags import checked_history, checked_lags, history_name
from infomorphic.recordings.pairs import Pairs
from infomorphic.recordings.recording import Recording
from infomorphic.statistics import Permutation, Shift, holm, p_values
from infomorphic.statistics.tables import labels_of

if TYPE_CHECKING:
    import pandas as pd

MOST_SOURCES = 3
_MOST_PERMUTATIONS = 1_000_000
# A batch of combinations keeps at most this many values of the null distribution: 32 MiB.
_MOST_NULL_VALUES = 2**22
_MEAN, _LOW, _HIGH, _P = 1, 2, 3, 4

Progress = Callable[[str, int, int], None]


def decompose_pairs(
    recording: Recording | Any,
    targets: Sequence[str] | str | None = None,
    sources: Sequence[str] | str | None = None,
    *,
    num_sources: int = 1,
    lags: Sequence[int] | int = (0,),
    history: int = 0,
    bins: Bins | Mapping[Any, Bins] = None,
    measure: str | RedundancyMeasure = "sx",
    missing: Literal["error", "drop"] = "error",
    test: int = 0,
    null: Permutation | None = None,
    adjust: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> Pairs:
    """Decompose the information of every source, or every combination of sources, about every target, in bits.

    Args:
        recording: a recording, or a table whose rows are time bins or independent observations.
        targets: names of the targets; by default all variables.
        sources: names of the sources; by default all variables. A target is never its own source.
        num_sources: number of sources of a combination: 1, 2 or 3.
        lags: how many time bins before the target the sources are taken, 0 for the same bin. Each lag is decomposed by itself; all
            sources of a combination have the same lag.
        history: the number of past bins of the target that form one more source, the last; 0 for none. With one source and a history,
            I(T : S | past) = {1} + {12} is the transfer entropy, divided into what only the source provides and what it provides
            together with the past.
        bins: how to discretize real numbers, as for `infomorphic.estimation.decompose_table`. Bins are chosen once per variable.
        measure: the measure of redundancy, as for `infomorphic.pid.decompose`.
        missing: `"error"` raises if a variable has a missing value; `"drop"` leaves out every bin that has one in any variable or in
            the past that is used.
        test: number of permutations for the null distributions; 0 for no test. All combinations share the same permutations.
        null: what is permuted, from `infomorphic.statistics`; by default the target is shifted in time, within trials if there are
            trials (`Shift`). The target moves together with its own past. Use `PermuteTarget` if rows are independent.
        adjust: also adjust p for the number of combinations and lags, for each label, by Holm's method.
        seed: the same seed gives the same result.
        progress: is called with what is done, how much of it, and of how much.

    Returns:
        A tidy frame, and the settings that it came from.

    Raises:
        RecordingError: if a variable does not exist, there is no combination, lags or history are not valid, or no trial is long enough.
        InvalidSamplesError: if real numbers come without `bins`, values are missing, or `test` or `seed` is not valid.
        TooManySourcesError, MeasureError: as for `decompose`.

    Warns:
        UndersampledWarning: if combinations have fewer than ten observations per occupied cell.

    All lags use the same bins of the target: those that have the largest lag and the history before them in their trial.
    Time grows with combinations × lags × (1 + permutations); memory does not grow with the combinations, except for the frame.

    Source: Williams and Beer 2011 (arXiv:1102.1507) for the decomposition of transfer entropy.
    """
    given = recording if isinstance(recording, Recording) else Recording.from_frame(recording)
    of_targets, of_sources = _names(given, targets), _names(given, sources)
    if isinstance(num_sources, bool) or num_sources not in range(1, MOST_SOURCES + 1):
        raise RecordingError(f"`num_sources` must be from 1 to {MOST_SOURCES}; got {quoted(num_sources)}.")
    if not 0 <= test <= _MOST_PERMUTATIONS:
        raise InvalidSamplesError(f"`test` must be a number of permutations from 0 to {_MOST_PERMUTATIONS:,}; got {quoted(test)}.")
    if not 0 <= seed <= LARGEST_SEED:
        raise InvalidSamplesError(f"`seed` must be a whole number from 0 to {LARGEST_SEED}; got {quoted(seed)}.")
    by, of_lags, past = resolve_measure(measure), checked_lags(lags), checked_history(history)
    used = list(dict.fromkeys([*of_targets, *of_sources]))
    coded = replace(given, frame=given.frame[used]).discretized(bins)
    rows = _usable_rows(coded, max(past, *of_lags), missing)
    orders, scheme = _orders(given, rows, null, test, seed)
    of_target = {t: list(combinations([s for s in of_sources if s != t], num_sources)) for t in of_targets}
    total = len(of_lags) * sum(map(len, of_target.values()))
    if not total:
        raise RecordingError(
            f"each combination must have {num_sources} sources and another target; {len(of_targets)} targets and {len(of_sources)} sources "
            "have none. Name more variables."
        )
    codes = {name: np.unique(coded.frame[name].fillna(-1).to_numpy(dtype=np.int64), return_inverse=True)[1] for name in used}
    blocks, sparse, done = [], 0, 0
    for name, combos in of_target.items():
        found = np.empty((len(combos), len(of_lags), len(labels_of(num_sources + (past > 0))), 1 + 4 * (test > 0)))
        target, own = _coded(codes[name][rows]), _past(codes[name], rows, past)
        size = max(1, _MOST_NULL_VALUES // (found.shape[2] * len(orders)))
        for j, lag in enumerate(of_lags):
            variables = [_coded(codes[s][rows - lag]) for s in of_sources]
            for first in range(0, len(combos), size):
                some = [tuple(of_sources.index(s) for s in combo) for combo in combos[first : first + size]]
                for part in values_of_combinations(variables, some, target, own, orders, by):
                    found[first + np.array(part.combinations), j] = _statistics(part.values, num_sources + (past > 0), past > 0)
                    sparse += int((len(rows) < ENOUGH_PER_CELL * part.occupied).sum())
                    done += len(part.combinations)
                    if progress is not None:
                        progress(f"decomposing about {name}", done, total)
        blocks.append(found)
    if sparse:
        warnings.warn(
            f"{sparse:,} of {total:,} combinations have fewer than ten of the {len(rows):,} observations per occupied cell: too few for an "
            "unbiased plug-in estimate. Use fewer bins, a longer recording, or compare with the null distribution (`test`).",
            UndersampledWarning,
            stacklevel=2,
        )
    return Pairs(
        frame=_frame(of_target, of_lags, past, num_sources, blocks, adjust and test > 0),
        targets=tuple(of_targets),
        sources=tuple(of_sources),
        num_sources=num_sources,
        lags=of_lags,
        history=past,
        measure=by,
        observations=len(rows),
        num_trials=given.num_trials,
        binning=coded.binning,
        permutations=test,
        null=scheme if test else None,
    )


def _names(recording: Recording, names: Sequence[str] | str | None) -> list[str]:
    """The names of variables, by default all; checked."""
    chosen = recording.names if names is None else [names] if isinstance(names, str) else list(names)
    for name in chosen:
        recording.check_name(name)
    twice = [name for name in chosen if chosen.count(name) > 1]
    if twice:
        raise RecordingError(f"each variable must be named once; {quoted(twice[0])} is named twice.")
    return chosen


def _usable_rows(recording: Recording, past: int, missing: str) -> Int64[np.ndarray, " rows"]:
    """The time bins that have their past in their trial, without missing values."""
    if missing not in ("error", "drop"):
        raise InvalidSamplesError(f'`missing` must be "error" or "drop"; got {quoted(missing)}.')
    absent = recording.frame.isna().to_numpy()
    if missing == "error" and absent.any():
        names = [name for name, column in zip(recording.names, absent.T, strict=True) if column.any()]
        row = int(np.flatnonzero(absent.any(axis=1))[0])
        raise InvalidSamplesError(
            f"{int(absent.any(axis=1).sum())} rows have missing values, in {', '.join(names[:5])}{', …' if len(names) > 5 else ''}; the first in "
            f"row {row} (counted from 0). Leave these rows out with `missing='drop'`."
        )
    rows = recording.rows_with_past(past)
    present = np.asarray(~absent.any(axis=1))
    usable = rows[np.all([present[rows - k] for k in range(past + 1)], axis=0)]
    if not len(usable):
        raise InvalidSamplesError("there must be at least one row without missing values in it and its past; there is none.")
    return usable


def _orders(
    recording: Recording, rows: Int64[np.ndarray, " rows"], null: Permutation | None, test: int, seed: int
) -> tuple[np.ndarray, Permutation]:
    """The order of the rows as they are and, below, their permutations."""
    check_fits_memory(
        8 * (1 + test) * len(rows), f"{test} permutations of {len(rows)} rows", "Use fewer permutations.", error=InvalidSamplesError
    )
    given = Shift(recording.trials) if null is None else null
    if given.variable(1) != 1 or given.variable(2) != 2:
        raise RecordingError("`null` must permute the target; got one that permutes a source. Use Shift, PermuteTarget or PermuteTrials.")
    scheme = given.of(rows, recording.num_bins)
    rng = np.random.default_rng(seed)
    orders = np.empty((1 + test, len(rows)), dtype=np.int32)
    orders[0] = np.arange(len(rows))
    for order in orders[1:]:
        order[:] = scheme.draw(rng, len(rows))
    return orders, given


def _coded(codes: Int64[np.ndarray, " rows"]) -> Coded:
    """A variable with its values at the used rows alone: a value that does not occur would enlarge every table."""
    values, code = np.unique(codes, return_inverse=True)
    return Coded(code.astype(np.int64), len(values))


def _past(codes: Int64[np.ndarray, " bins"], rows: Int64[np.ndarray, " rows"], history: int) -> Coded | None:
    """The joint variable of the past bins."""
    return _coded(join_codes([codes[rows - k] for k in range(1, history + 1)])[0]) if history else None


def _statistics(values: np.ndarray, num_sources: int, has_past: bool) -> np.ndarray:
    """The values in the given order and, if there are permutations, mean, 2.5 and 97.5 % quantile of the null distribution, and p."""
    bits, null = values[:, 0], values[:, 1:]
    if not null.shape[1]:
        return bits[..., None]
    labels = labels_of(num_sources)
    # An atom may be negative, and a smaller value than chance is as much of a finding; information is at least 0.
    is_atom = np.array([not label.startswith("I") for label in labels])
    flat = np.moveaxis(null, 1, 0).reshape(null.shape[1], -1)
    p = p_values(bits.ravel(), flat, np.tile(is_atom, len(bits))).reshape(bits.shape)
    found = np.stack([bits, null.mean(axis=1), *np.quantile(null, [0.025, 0.975], axis=1), p], axis=-1)
    if has_past:
        # The target moves with its past, so the information of the past is the same in every permutation.
        found[:, labels.index(f"I{{{num_sources}}}"), 1:] = np.nan
    return found


def _frame(
    of_target: Mapping[str, list[tuple[str, ...]]],
    lags: Sequence[int],
    history: int,
    num_sources: int,
    blocks: Sequence[np.ndarray],
    adjust: bool,
) -> pd.DataFrame:
    import pandas as pd

    labels = labels_of(num_sources + (history > 0))
    per_combination = len(lags) * len(labels)

    def repeated(values: list[str]) -> pd.Categorical:
        codes, names = pd.factorize(np.array(values, dtype=object))
        return pd.Categorical.from_codes(np.repeat(codes, per_combination), pd.Index(names, dtype=object).astype(str))

    combos = [(target, combo) for target, those in of_target.items() for combo in those]
    columns: dict[str, Any] = {"target": repeated([target for target, _ in combos])}
    for k in range(num_sources):
        columns[f"source_{k + 1}"] = repeated([combo[k] for _, combo in combos])
    if history:
        columns[f"source_{num_sources + 1}"] = repeated([history_name(target, history) for target, _ in combos])
    columns["lag"] = np.tile(np.repeat(lags, len(labels)), len(combos))
    columns["history"] = np.full(len(combos) * per_combination, history)
    columns["label"] = pd.Categorical.from_codes(np.tile(np.arange(len(labels)), len(combos) * len(lags)), pd.Index(labels))
    values = np.concatenate([block.reshape(-1, block.shape[-1]) for block in blocks])
    columns["bits"] = values[:, 0]
    if values.shape[1] > 1:
        columns |= {"null_mean": values[:, _MEAN], "null_low": values[:, _LOW], "null_high": values[:, _HIGH], "p": values[:, _P]}
    if adjust:
        of_label = values[:, _P].reshape(-1, len(labels))
        columns["p_holm"] = np.stack([holm(p) if np.isfinite(p).all() else p for p in of_label.T], axis=1).ravel()
    return pd.DataFrame(columns)
