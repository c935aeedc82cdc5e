"""Decompositions of tables by column name, and the parsing of names and bins from text."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from infomorphic.errors import InvalidSamplesError, TableError, did_you_mean
from infomorphic.estimation.arrays import why_left_out
from infomorphic.estimation.columns import bins_of_column, kind_of, numbers_of
from infomorphic.estimation.frames import as_frame
from infomorphic.pid import (
    Categories,
    Decomposition,
    Edges,
    EqualMass,
    EqualWidth,
    Observations,
    RedundancyMeasure,
    decompose_outcomes,
    decompose_samples,
    discretize_samples,
)
from infomorphic.pid.antichains import check_num_sources
from infomorphic.pid.discretization import Bins, checked_bins
from infomorphic.quoting import quoted

if TYPE_CHECKING:
    import pandas as pd

_BINS_EXAMPLES = "20, mass:10, range:20:-1:1, edges:0:0.5:1 or categories"


def decompose_table(
    table: Any,
    target: Any,
    sources: Any,
    *,
    bins: Bins | Mapping[Any, Bins] = None,
    measure: str | RedundancyMeasure = "sx",
    probability: Any = None,
    weights: Any = None,
    normalize: bool = False,
    missing: Literal["error", "drop"] = "error",
) -> Decomposition:
    """Decompose the information that columns of a table carry about another column, in bits.

    Args:
        table: one row per observation or, with `probability`, one row per outcome: a data frame of pandas, polars or pyarrow, an
            xarray Dataset or DataArray, a structured NumPy array, or a dictionary of arrays (`infomorphic.estimation.as_frame`).
        target: name or label of the target's column. `A+B` is the joint variable of columns A and B.
        sources: names of 1 to 5 sources' columns; each may be a joint variable too.
        bins: one choice for all columns of real numbers (see `infomorphic.pid.decompose_samples`), or choices by column name,
            with `"*"` for all other columns. Whole numbers, text, booleans and dates are categories. Whole numbers are binned
            only if bins are chosen for their column by name.
        measure: the measure of redundancy, as for `infomorphic.pid.decompose`.
        probability: name of the column with the probability of each outcome.
        weights: name of the column with the weight of each row. If all weights are whole numbers, they are counts of observations.
        normalize: divide probabilities by their sum instead of requiring the sum to be one.
        missing: `"error"` raises if a row has a missing value; `"drop"` leaves such rows out.

    Raises:
        TableError: if a column does not exist, is used twice, mixes numbers and text, or has bins but no numbers; if options
            contradict each other; or if the table has another type.
        InvalidSamplesError, InvalidPmfError, MeasureError: as in `decompose_samples` and `decompose`.
    """
    frame = as_frame(table)
    chosen = _chosen(frame, target, sources, bins, [c for c in (probability, weights) if c is not None])
    if probability is not None and (weights is not None or missing == "drop"):
        raise TableError("with `probability`, rows must not be weighted or dropped. Leave out `weights` and `missing='drop'`.")
    if normalize and probability is None:
        raise TableError(
            "`normalize=True` must come with `probability`, whose column it divides by its sum. Name that column, or leave out `normalize`."
        )
    if probability is not None:
        mass = numbers_of(str(probability), frame.iloc[:, column_position(frame, probability)], "probabilities")
        return decompose_outcomes(
            chosen.sources, chosen.target, mass, chosen.bins, measure=measure, normalize=normalize, names=chosen.names
        )
    of_rows = _weights(frame, weights)
    return decompose_samples(
        chosen.sources, chosen.target, chosen.bins, measure=measure, weights=of_rows, missing=missing, names=chosen.names
    )


def discretize_table(
    table: Any,
    target: Any,
    sources: Any,
    *,
    bins: Bins | Mapping[Any, Bins] = None,
    weights: Any = None,
    missing: Literal["error", "drop"] = "error",
) -> Observations:
    """The observations in columns of a table, discretized as `decompose_table` does it. The arguments are the same.

    Raises:
        TableError, InvalidSamplesError: as in `decompose_table`.
    """
    frame = as_frame(table)
    chosen = _chosen(frame, target, sources, bins, [weights] if weights is not None else [])
    of_rows = _weights(frame, weights)
    return discretize_samples(chosen.sources, chosen.target, chosen.bins, weights=of_rows, missing=missing, names=chosen.names)


class _Chosen(NamedTuple):
    """The columns of a table that are decomposed."""

    names: list[str]
    """The names of the sources and, last, of the target."""
    sources: list[Any]
    target: Any
    bins: list[list[Bins]]


def _chosen(frame: pd.DataFrame, target: Any, sources: Any, bins: Bins | Mapping[Any, Bins], extra: Sequence[Any]) -> _Chosen:
    """Find the columns of sources and target and the bins of each. No column may be used twice, `extra` ones included."""
    if not isinstance(sources, Sequence) or isinstance(sources, str):
        sources = list(sources) if hasattr(sources, "__iter__") and not isinstance(sources, str) else [sources]
    check_num_sources(len(sources))
    parts = [_columns_of(frame, name) for name in (*sources, target)]
    of_sources = [c for columns in parts[:-1] for c in columns]
    variables = [*of_sources, *parts[-1]]
    used = [*variables, *(column_position(frame, c) for c in extra)]
    shared = [c for c in parts[-1] if c in of_sources]
    if shared:
        raise TableError(f"the target must not be among the sources; {str(frame.columns[shared[0]])!r} is in both.")
    twice = [c for c in used if used.count(c) > 1]
    if twice:
        raise TableError(f"each column must be used only once; {str(frame.columns[twice[0]])!r} is used twice.")
    bins_of = bins_by_column(frame, bins, variables)
    # A variable of one column stays one-dimensional, so that its values are not one-element tuples.
    found = [frame.iloc[:, columns[0]] if len(columns) == 1 else frame.iloc[:, columns] for columns in parts]
    names = [str(name) for name in (*sources, target)]
    return _Chosen(names, found[:-1], found[-1], [[bins_of[c] for c in columns] for columns in parts])


def _weights(frame: pd.DataFrame, name: Any) -> Any:
    return None if name is None else numbers_of(str(name), frame.iloc[:, column_position(frame, name)], "weights")


def describe_columns(table: Any, names: Sequence[Any]) -> list[str]:
    """The kind of each variable, a column name or `A+B`: real numbers, whole numbers, text, boolean or dates; and the number missing."""
    frame = as_frame(table)
    return [" and ".join(str(kind_of(frame.iloc[:, c])) for c in _columns_of(frame, name)) for name in names]


def parse_names(texts: Sequence[str]) -> list[str]:
    """Parse names from texts such as `a,b` and `"level, mg",group`: separated by commas, with quotation marks as in CSV.

    Raises:
        TableError: if a name is empty.
    """
    names: list[str] = []
    for text in texts:
        found = [name.strip() for row in csv.reader([text], skipinitialspace=True) for name in row]
        if not found or not all(found):
            raise TableError(f"the names of columns must not be empty; got {text!r}. Leave out the extra comma.")
        names += found
    return names


def parse_bins(text: str) -> Bins:
    """Parse a choice of bins: `20`, `mass:10`, `range:20:-1:1`, `edges:0:0.5:1` or `categories`.

    Raises:
        TableError: if `text` is not such a choice.
    """
    kind, *written = text.strip().split(":")
    try:
        match kind, [float(n) for n in written]:
            case "categories", []:
                return Categories()
            case "mass", [k] if k == round(k):
                return checked_bins(EqualMass(int(k)))
            case "range", [k, low, high] if k == round(k):
                return checked_bins(EqualWidth(int(k), (low, high)))
            case "edges", [*edges] if len(edges) > 1:
                return checked_bins(Edges(tuple(edges)))
            case _, []:
                return checked_bins(int(kind))
    except InvalidSamplesError:
        raise
    except (ValueError, OverflowError):  # not a number, or infinity or NaN as an integer
        pass
    raise TableError(f"bins must be written like {_BINS_EXAMPLES}; got {quoted(text)}.")


def _columns_of(frame: pd.DataFrame, name: Any) -> list[int]:
    """The positions of a variable's columns: of `name` itself, or of the columns joined by `+` in it."""
    if not isinstance(name, str) or "+" not in name or _positions(frame, name):
        return [column_position(frame, name)]
    return [column_position(frame, part.strip()) for part in name.split("+")]


def _positions(frame: pd.DataFrame, name: Any) -> list[int]:
    """The positions of the columns with this label or, if there are none, with this label as text."""
    labels = list(frame.columns)
    # True equals 1 in Python, but does not name column 1.
    exact = [i for i, label in enumerate(labels) if label == name and isinstance(label, bool) == isinstance(name, bool)]
    return exact or [i for i, label in enumerate(labels) if str(label) == name]


def column_position(frame: pd.DataFrame, name: Any) -> int:
    """The position of the column with a name.

    Raises:
        TableError: if there is none, or several.
    """
    found = _positions(frame, name)
    if len(found) == 1:
        return found[0]
    if found:
        raise TableError(f"the table has {len(found)} columns named {name!r}; rename them.")
    if reason := why_left_out(frame, name):
        raise TableError(f"{name!r} is not a column of the table: it {reason}.")
    columns = [str(c) for c in frame.columns]
    listed = ", ".join(columns[:30]) + (f" and {len(columns) - 30} more" if len(columns) > 30 else "")
    raise TableError(f"the table has no column {name!r}; it has {listed}.{did_you_mean(str(name), columns)}")


def bins_by_column(frame: pd.DataFrame, bins: Bins | Mapping[Any, Bins], columns: Sequence[int]) -> dict[int, Bins]:
    """The bins of each column, by its position."""
    by_name = bins if isinstance(bins, Mapping) else {"*": bins}
    labels = [str(frame.columns[c]) for c in columns]
    named: dict[int, Bins] = {}
    for name, choice in by_name.items():
        if isinstance(name, str) and name == "*":
            continue
        found = [c for c in columns if c in _positions(frame, name)]
        if not found:
            raise TableError(f"`bins` must name sources or the target ({', '.join(labels)}); got {name!r}.")
        named[found[0]] = checked_bins(choice, str(name))
    default = checked_bins(by_name.get("*"))
    return {
        c: bins_of_column(label, frame.iloc[:, c], named.get(c, default), named=c in named)
        for c, label in zip(columns, labels, strict=True)
    }
