"""Decompositions of tables: CSV and Parquet files, and DataFrames by the names of their columns."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from infomorphic.errors import TableError, did_you_mean
from infomorphic.pid import Categories, Decomposition, Edges, EqualMass, EqualWidth, decompose_outcomes, decompose_samples
from infomorphic.pid.antichains import check_num_sources
from infomorphic.pid.discretization import Bins

if TYPE_CHECKING:
    import pandas as pd

BINS_EXAMPLES = "20, mass:10, range:20:-1:1, edges:0:0.5:1 or categories"


def read_table(path: Path | str) -> pd.DataFrame:
    """The table in a CSV file (with a header, separated by commas, semicolons or tabs) or a Parquet file.

    Raises:
        TableError: if there is no such file, it cannot be read, has no rows, or repeats the name of a column.
    """
    import pandas as pd

    path = Path(path)
    if not path.is_file():
        raise TableError(f"there is no file {path}." if not path.exists() else f"{path} is not a file.")
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            frame = pd.read_parquet(path)
        else:
            frame = _read_csv(path)
    except TableError:
        raise
    except Exception as error:  # pandas and pyarrow raise many types; each means the same to the user
        raise TableError(f"{path} cannot be read as a table: {' '.join(str(error).split())}") from error
    if frame.empty:
        raise TableError(f"{path} has no rows.")
    return frame


def decompose_table(
    frame: pd.DataFrame,
    target: str,
    sources: Sequence[str],
    *,
    bins: Bins | Mapping[str, Bins] = None,
    probability: str | None = None,
    weights: str | None = None,
    normalize: bool = False,
    missing: Literal["error", "drop"] = "error",
) -> Decomposition:
    """Decompose the information, in bits, that columns of a table have about one of its columns.

    Args:
        frame: one row per observation or, with `probability`, one row per outcome.
        target: the target's column. `A+B` is the joint variable of columns A and B.
        sources: the sources' columns, 1 to 5 of them; each may be a joint variable too.
        bins: one choice for all columns of real numbers (see `infomorphic.pid.decompose_samples`), or choices by name of
            column, where `"*"` stands for all others.
        probability: the column that holds each outcome's probability.
        weights: the column that holds each observation's weight.
        normalize: divide probabilities by their sum instead of requiring it to be one.
        missing: raise an error for rows with missing values, or drop them.

    Raises:
        TableError: if a column does not exist, is used twice, or options contradict one another.
        InvalidSamplesError, InvalidPmfError: as `decompose_samples` and `decompose`.
    """
    if isinstance(sources, str):
        sources = [sources]
    check_num_sources(len(sources))
    parts = [_columns_of(frame, name) for name in (*sources, target)]
    extra = [c for c in (probability, weights) if c is not None]
    for name in extra:
        _check_column(frame, name)
    used = [c for columns in parts for c in columns] + extra
    if set(parts[-1]) & {c for columns in parts[:-1] for c in columns}:
        shared = sorted(set(parts[-1]) & {c for columns in parts[:-1] for c in columns})[0]
        raise TableError(f"the target must not be among the sources; {shared!r} is in both.")
    twice = sorted({c for c in used if used.count(c) > 1})
    if twice:
        raise TableError(f"each column can be used once; {twice[0]!r} is used twice.")
    if probability and (weights or missing == "drop"):
        raise TableError("a table of probabilities has neither weights nor rows to drop: leave out --weights and --drop-missing.")
    chosen = _bins_by_column(bins, [c for columns in parts for c in columns])
    names = [*sources, target]
    # A variable of one column stays one-dimensional, so that its values are not tuples of one.
    variables = [frame[columns[0]] if len(columns) == 1 else frame[columns] for columns in parts]
    bins_of_all = [[chosen[c] for c in columns] for columns in parts]
    if probability:
        return decompose_outcomes(
            variables[:-1], variables[-1], frame[probability].to_numpy(), bins_of_all, normalize=normalize, names=names
        )
    return decompose_samples(
        variables[:-1],
        variables[-1],
        bins_of_all,
        weights=frame[weights].to_numpy() if weights else None,
        missing=missing,
        names=names,
    )


def parse_bins(text: str) -> Bins:
    """The choice of bins that a text denotes: `20`, `mass:10`, `range:20:-1:1`, `edges:0:0.5:1` or `categories`.

    Raises:
        TableError: if it denotes none.
    """
    kind, *numbers = text.strip().split(":")
    try:
        match kind, [float(n) for n in numbers]:
            case "categories", []:
                return Categories()
            case "mass", [k] if k == int(k):
                return EqualMass(int(k))
            case "range", [k, low, high] if k == int(k):
                return EqualWidth(int(k), (low, high))
            case "edges", [*edges] if len(edges) > 1:
                return Edges(tuple(edges))
            case _, []:
                return int(kind)
    except ValueError:
        pass
    raise TableError(f"bins must be written like {BINS_EXAMPLES}; got {text!r}.")


def _read_csv(path: Path) -> pd.DataFrame:
    import pandas as pd

    with path.open(newline="", encoding="utf-8-sig") as file:
        first = file.readline()
        if not first.strip():
            raise TableError(f"{path} is empty.")
        separator = max(",;\t", key=first.count)
        header = [name.strip() for name in next(csv.reader([first], delimiter=separator))]
    # pandas would rename a repeated column in silence.
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise TableError(f"{path} has more than one column named {twice[0]!r}; rename them.")
    return pd.read_csv(path, sep=separator, header=0, names=header, encoding="utf-8-sig", skipinitialspace=True, index_col=False)


def _columns_of(frame: pd.DataFrame, name: str) -> list[str]:
    """The columns of a variable: `name` itself, or the columns that it joins with `+`."""
    if name in frame.columns or "+" not in name:
        _check_column(frame, name)
        return [name]
    columns = [part.strip() for part in name.split("+")]
    for column in columns:
        _check_column(frame, column)
    return columns


def _check_column(frame: pd.DataFrame, name: str) -> None:
    columns = [str(c) for c in frame.columns]
    if columns.count(name) > 1:
        raise TableError(f"the table has {columns.count(name)} columns named {name!r}; rename them.")
    if name not in columns:
        raise TableError(f"the table has no column {name!r}; it has {', '.join(columns)}.{did_you_mean(name, columns)}")


def _bins_by_column(bins: Bins | Mapping[str, Bins], columns: Sequence[str]) -> dict[str, Bins]:
    if not isinstance(bins, Mapping):
        return dict.fromkeys(columns, bins)
    unknown = [name for name in bins if name not in (*columns, "*")]
    if unknown:
        raise TableError(f"bins are given for {unknown[0]!r}, which is neither a source nor the target ({', '.join(columns)}).")
    return {c: bins.get(c, bins.get("*")) for c in columns}
