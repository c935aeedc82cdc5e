"""`assess`: a decomposition with its null distribution, intervals and corrections."""

import importlib
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from jaxtyping import Float

from infomorphic.errors import InfomorphicWarning, InvalidSamplesError, did_you_mean
from infomorphic.limits import LARGEST_SEED
from infomorphic.pid import Decomposition, Observations, RedundancyMeasure
from infomorphic.pid.measures import resolve_measure
from infomorphic.pid.words import format_bits
from infomorphic.statistics.corrections import CORRECTIONS, Correction, miller_madow, quadratic
from infomorphic.statistics.probabilities import holm, p_values
from infomorphic.statistics.rows import Bootstrap, DrawRows, Permutation, PermuteTarget, Rows
from infomorphic.statistics.tables import ResampledTables, labels_of, values_of

if TYPE_CHECKING:
    import pandas as pd

IntervalMethod = Literal["bias-corrected", "percentile"]
INTERVAL_METHODS: tuple[IntervalMethod, ...] = ("bias-corrected", "percentile")

MOST_RESAMPLES = 1_000_000
# Permutations for the shuffle correction if no test was asked for.
_SHUFFLES = 200
_LEVEL = 0.05

Values = Float[np.ndarray, " labels"]


class ChanceWarning(InfomorphicWarning):
    """The information of all sources cannot be told from chance."""


@dataclass(frozen=True, eq=False)
class Assessment:
    """A decomposition, and how sure it is. Arrays have one entry per label; what was not asked for is None."""

    decomposition: Decomposition
    labels: tuple[str, ...]
    """The labels of the atoms (`{1}{2}`), then of the mutual informations (`I{12}`)."""
    bits: Values
    """The plug-in estimates."""
    permutations: int = 0
    null: Permutation | None = None
    null_mean: Values | None = None
    null_low: Values | None = None
    """The 2.5 % quantile of the null distribution."""
    null_high: Values | None = None
    """The 97.5 % quantile of the null distribution."""
    p: Values | None = None
    """How probable a value at least as extreme is under the null: two-sided for atoms, one-sided for mutual informations."""
    p_holm: Values | None = None
    """`p` of the atoms, adjusted for all atoms; that of the mutual informations, adjusted for all of them."""
    resamples: int = 0
    over: Bootstrap | None = None
    method: IntervalMethod = "bias-corrected"
    low: Values | None = None
    """Lower end of the 95 % interval."""
    high: Values | None = None
    """Upper end of the 95 % interval."""
    correction: Correction = "none"
    corrected: Values | None = None
    """The estimates after the correction of bias; NaN where there is no such correction."""

    def __getitem__(self, label: str) -> dict[str, float]:
        """What is known about one label: `bits` and, if asked for, `null_mean`, `null_low`, `null_high`, `p`, `low`, `high`, `corrected`."""
        if label not in self.labels:
            raise KeyError(
                f"no statistics of {label!r}; there are those of {', '.join(self.labels[:8])}.{did_you_mean(label, self.labels)}"
            )
        return self.record()[label]

    def record(self) -> dict[str, dict[str, float]]:
        """The statistics of each label, without those that were not asked for."""
        columns = self._columns()
        found = zip(*(values.tolist() for values in columns.values()), strict=True)
        rows = (dict(zip(columns, row, strict=True)) for row in found)
        return {
            label: {name: value for name, value in row.items() if not np.isnan(value)} for label, row in zip(self.labels, rows, strict=True)
        }

    def to_frame(self) -> "pd.DataFrame":
        """One row per label, one column per statistic that was asked for."""
        import pandas as pd

        return pd.DataFrame(self._columns(), index=pd.Index(self.labels, name="label"))

    def describe(self, *, most: int | None = None) -> list[str]:
        """Sentences on all sources together and on each atom (see `Decomposition.describe`), with p and the interval of each atom."""
        record = self.record()
        atoms = [label for label in self.labels if not label.startswith("I")]
        remarks = {label: ", ".join(_remarks(record[label])) for label in atoms}
        total, *of_atoms = self.decomposition.describe(most=most, remarks={label: text for label, text in remarks.items() if text})
        of_total = "; ".join(_remarks(record[self.labels[-1]]))
        return [f"{total.removesuffix('.')} ({of_total})." if of_total else total, *of_atoms]

    def how(self) -> list[str]:
        """How p, the intervals and the corrected values were found, one line each."""
        said = []
        if self.null is not None:
            said.append(f"p: {self.permutations} permutations, {self.null}; two-sided for atoms, one-sided for informations")
        if self.over is not None:
            said.append(f"95 % intervals: {self.resamples} bootstrap resamples of {self.over}, {self.method}")
        if self.correction != "none":
            said.append(f"corrected: {self.correction}")
        return said

    def plot(self, ax: Any = None) -> Any:
        """Draw the atoms as bars, with the intervals and the range by chance that were asked for; return the axis.

        Raises:
            TooManySourcesError: if there are five sources.
        """
        # By name, as in `Decomposition.plot`: drawing builds on this record, and this record does not need it.
        return importlib.import_module("infomorphic.plots").plot_certainty(self.decomposition.atoms, **self.ranges, ax=ax)

    @property
    def ranges(self) -> dict[str, dict[str, tuple[float, float]]]:
        """The lower and upper ends for each atom: `intervals` and `chance`, without what was not asked for."""
        atoms = [i for i, label in enumerate(self.labels) if not label.startswith("I")]
        pairs = {"intervals": (self.low, self.high), "chance": (self.null_low, self.null_high)}
        return {
            name: {self.labels[i]: (float(low[i]), float(high[i])) for i in atoms}
            for name, (low, high) in pairs.items()
            if low is not None and high is not None
        }

    def __repr__(self) -> str:
        total = ", ".join([f"{self.bits[-1]:.4f} bits", *_remarks(self.record()[self.labels[-1]])])
        asked = ", ".join(name for name in self._columns() if name != "bits") or "nothing else was asked for"
        return (
            f"Assessment({self.decomposition.names.information(range(self.decomposition.num_sources))}: {total}; of every label: {asked})"
        )

    def _repr_html_(self) -> str:
        names = self.decomposition.names
        legend = ", ".join(f"{digit} = {escape(name)}" for digit, name in names.legend.items())
        table = self.to_frame().to_html(float_format=lambda value: f"{value:.4g}", border=0)
        return f"<div>{escape(self.describe(most=0)[0])}</div>{table}<div>{legend}; target: {escape(names.target)}</div>"

    def _columns(self) -> dict[str, Values]:
        names = ("bits", "null_mean", "null_low", "null_high", "p", "p_holm", "low", "high", "corrected")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def _remarks(values: dict[str, float]) -> list[str]:
    """What is known about a value, in words."""
    p = [f"p = {values['p']:.2g}"] if "p" in values else []
    interval = [f"95 % interval {format_bits(values['low'])} to {format_bits(values['high'])}"] if "low" in values else []
    corrected = [f"corrected {format_bits(values['corrected'])}"] if "corrected" in values else []
    return [*p, *interval, *corrected]


def assess(
    observations: Observations,
    measure: str | RedundancyMeasure = "sx",
    *,
    test: int = 0,
    null: Permutation | None = None,
    adjust: bool = False,
    interval: int = 0,
    over: Bootstrap | None = None,
    method: IntervalMethod = "bias-corrected",
    correct: Correction = "none",
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Assessment:
    """Decompose observations and say how sure the result is: by a test against chance, 95 % intervals, a correction of bias.

    Args:
        observations: from `infomorphic.pid.discretize_samples` or `infomorphic.estimation.discretize_table`.
        measure: the measure of redundancy, as for `infomorphic.pid.decompose`.
        test: number of permutations for the null distribution, for example 1000; 0 for no test.
        null: what is permuted; by default the target (`PermuteTarget`).
        adjust: also adjust p for the number of atoms, by Holm's method.
        interval: number of bootstrap resamples for the intervals, for example 1000; 0 for none.
        over: what is drawn with replacement; by default rows (`DrawRows`).
        method: `"bias-corrected"` or `"percentile"` intervals; see below.
        correct: `"shuffle"` subtracts the mean of the null distribution (of 200 permutations if `test` is 0);
            `"quadratic"` extrapolates from halves and quarters of the rows; `"miller-madow"` is for the mutual informations alone.
        seed: the same seed gives the same result.
        progress: is called with the number of tables done since the last call.

    Returns:
        The assessment. Its plug-in values are those of `observations.decompose(measure)`.

    Raises:
        InvalidSamplesError: if an argument is not valid, or weights are not whole numbers.
        MeasureError: if the measure cannot be computed for these observations.

    Warns:
        ChanceWarning: if p of the information of all sources is above 0.05.

    Bins are chosen once, from all rows; resampling does not choose them again.

    The percentile interval holds the middle 95 % of the bootstrap. It is biased: a resample has the sampling bias of the
    plug-in estimate once more. The bias-corrected interval is the same one shifted by −2 b, with b the mean of the bootstrap
    minus the estimate: once for the resamples, once for the estimate itself. (Efron's bias-corrected percentiles, the BC
    method, fail here: where the bias exceeds the spread, they lie outside of all resamples.) Ends for mutual informations are
    at least 0.

    Source: Efron and Tibshirani 1993, chapters 10, 13 and 14.

    Example:
        >>> import numpy as np
        >>> from infomorphic.pid import discretize_samples
        >>> rng = np.random.default_rng(0)
        >>> a, b = rng.integers(2, size=(2, 400))
        >>> found = assess(discretize_samples([a, b], a ^ b), test=99)
        >>> float(found.p[-1])
        0.01
    """
    for name, number in (("test", test), ("interval", interval)):
        if not 0 <= number <= MOST_RESAMPLES:
            raise InvalidSamplesError(f"`{name}` must be a number of resamples from 0 to {MOST_RESAMPLES:,}; got {number}.")
    if not 0 <= seed <= LARGEST_SEED:
        raise InvalidSamplesError(f"`seed` must be a whole number from 0 to {LARGEST_SEED}; got {seed}.")
    if correct not in CORRECTIONS:
        raise InvalidSamplesError(
            f"`correct` must be one of {', '.join(CORRECTIONS)}; got {correct!r}.{did_you_mean(correct, CORRECTIONS)}"
        )
    if method not in INTERVAL_METHODS:
        raise InvalidSamplesError(f"`method` must be one of {', '.join(INTERVAL_METHODS)}; got {method!r}.")
    by = resolve_measure(measure)
    decomposition = observations.decompose(by)
    observed = values_of(decomposition)
    found: dict[str, Any] = {}
    if test or interval or correct != "none":
        tables = ResampledTables(observations, by)
        # Independent generators: asking for an interval too does not change p.
        for_null, for_interval, for_cuts = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(3))
        shuffles = test or (_SHUFFLES if correct == "shuffle" else 0)
        if shuffles:
            given_null = null or PermuteTarget()
            of_null = null_values(tables, given_null, shuffles, for_null, progress)
            if test:
                found |= _tested(observations, observed, of_null, given_null, adjust)
            if correct == "shuffle":
                found["corrected"] = observed - of_null.mean(axis=0)
        if interval:
            found |= _interval(observations, tables, observed, interval, over or DrawRows(), method, for_interval, progress)
        if correct == "quadratic":
            found["corrected"] = quadratic(tables, observed, for_cuts)
        elif correct == "miller-madow":
            found["corrected"] = miller_madow(observations, observed)
    return Assessment(decomposition, tuple(labels_of(observations.num_sources)), observed, correction=correct, **found)


def null_values(
    tables: ResampledTables, null: Permutation, permutations: int, rng: np.random.Generator, progress: Callable[[int], None] | None = None
) -> Float[np.ndarray, "permutations labels"]:
    """The values of all labels in each permutation."""
    scheme = null.of(tables.given, tables.num_given)
    draws = (scheme.draw(rng, tables.num_rows) for _ in range(permutations))
    return _collected(tables.values(draws, null.variable(tables.num_sources)), progress)


def _collected(
    batches: Iterator[Float[np.ndarray, "some labels"]], progress: Callable[[int], None] | None
) -> Float[np.ndarray, "all labels"]:
    found = []
    for batch in batches:
        found.append(batch)
        if progress is not None:
            progress(len(batch))
    return np.concatenate(found)


def _tested(
    observations: Observations, observed: Values, of_null: Float[np.ndarray, "permutations labels"], null: Permutation, adjust: bool
) -> dict[str, Any]:
    num_informations = 2**observations.num_sources - 1
    is_atom = np.arange(len(observed)) < len(observed) - num_informations
    # An atom may be negative, and a smaller value than chance is as much of a finding; information is at least 0.
    p = p_values(observed, of_null, is_atom)
    low, high = np.quantile(of_null, [_LEVEL / 2, 1 - _LEVEL / 2], axis=0)
    if p[-1] > _LEVEL:
        *sources, target = observations.names
        warnings.warn(
            f"I({target} : {', '.join(sources)}) = {observed[-1]:.4f} bit cannot be told from chance: p = {p[-1]:.2g}, and where {null}, "
            f"the mean is {of_null[:, -1].mean():.4f} bit and 95 % lie between {low[-1]:.4f} and {high[-1]:.4f}. "
            "Do not interpret the atoms.",
            ChanceWarning,
            stacklevel=3,
        )
    adjusted = {"p_holm": np.concatenate([holm(p[is_atom]), holm(p[~is_atom])])} if adjust else {}
    return {
        "permutations": len(of_null),
        "null": null,
        "null_mean": of_null.mean(axis=0),
        "null_low": low,
        "null_high": high,
        "p": p,
        **adjusted,
    }


def _interval(
    observations: Observations,
    tables: ResampledTables,
    observed: Values,
    resamples: int,
    over: Bootstrap,
    method: IntervalMethod,
    rng: np.random.Generator,
    progress: Callable[[int], None] | None,
) -> dict[str, Any]:
    scheme = over.of(tables.given, tables.num_given)
    draws: Iterable[Rows] = (scheme.draw(rng, tables.num_rows) for _ in range(resamples))
    drawn = _collected(tables.values(draws), progress)
    low, high = interval_ends(drawn, observed, method, 2**observations.num_sources - 1)
    return {"resamples": resamples, "over": over, "method": method, "low": low, "high": high}


def interval_ends(
    drawn: Float[np.ndarray, "resamples labels"], observed: Values, method: IntervalMethod, num_informations: int
) -> tuple[Values, Values]:
    """The ends of the 95 % intervals from the values of resamples. The last `num_informations` labels are mutual informations.

    See `assess` for the methods.
    """
    low, high = np.quantile(drawn, [_LEVEL / 2, 1 - _LEVEL / 2], axis=0)
    if method == "bias-corrected":
        bias = drawn.mean(axis=0) - observed
        low, high = low - 2 * bias, high - 2 * bias
    for end in (low, high):
        end[-num_informations:] = np.maximum(end[-num_informations:], 0.0)
    return low, high
