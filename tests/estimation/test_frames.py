"""Tables of pandas, polars, pyarrow, xarray and NumPy as data frames."""

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import xarray as xr

from estimation.table_files import XOR
from infomorphic.errors import TableError
from infomorphic.estimation import as_frame, decompose_table
from infomorphic.estimation.columns import kind_of

ARRAYS = {name: XOR[name].to_numpy() for name in XOR}


def structured():
    table = np.empty(len(XOR), dtype=[(name, np.int16) for name in XOR])
    for name in XOR:
        table[name] = XOR[name]
    return table


@pytest.mark.parametrize(
    "table",
    [
        XOR,
        ARRAYS,
        {name: list(values) for name, values in ARRAYS.items()},
        structured(),
        structured().view(np.recarray),
        pl.DataFrame(ARRAYS),
        pa.table(ARRAYS),
        xr.Dataset({name: ("trial", values) for name, values in ARRAYS.items()}),
        xr.DataArray(XOR.to_numpy(), dims=("trial", "variable"), coords={"variable": list(XOR.columns)}),
    ],
    ids=["pandas", "dictionary", "lists", "structured", "records", "polars", "pyarrow", "Dataset", "DataArray"],
)
def test_every_kind_of_table_has_the_same_atoms(table):
    d = decompose_table(table, "y", ["a", "b"])
    assert d.atoms["{12}"] == pytest.approx(np.log2(4 / 3))
    assert list(as_frame(table).columns) == ["a", "b", "y"]


def test_a_pandas_frame_is_returned_as_it_is():
    assert as_frame(XOR) is XOR


def test_types_of_polars():
    frame = as_frame(
        pl.DataFrame(
            {
                "id": [2**53, 2**53 + 1, None],
                "x": [0.5, 1.25, None],
                "cue": ["left", None, "right"],
                "on": [True, None, False],
                "kind": pl.Series(["a", "b", "a"], dtype=pl.Categorical),
                "level": pl.Series(["low", "high", None], dtype=pl.Enum(["low", "high"])),
                "day": [datetime.date(2024, 1, 2), None, datetime.date(2024, 1, 3)],
                "at": [datetime.datetime(2024, 1, 2), None, datetime.datetime(2024, 1, 3)],
                "small": pl.Series([1, 2, 3], dtype=pl.UInt8),
            }
        )
    )
    assert [str(kind_of(frame[c])) for c in frame] == [
        "whole numbers, 1 missing",
        "real numbers, 1 missing",
        "text, 1 missing",
        "boolean, 1 missing",
        "text",
        "text, 1 missing",
        "dates, 1 missing",
        "dates, 1 missing",
        "whole numbers",
    ]
    assert frame["id"].dropna().nunique() == 2


def test_missing_entries_of_polars_are_errors_or_dropped():
    table = pl.DataFrame({"a": [0, 1, None] * 20, "y": [0, 1, 1] * 20})
    with pytest.raises(ValueError, match="20 rows have missing values, in a"):
        decompose_table(table, "y", ["a"])
    assert decompose_table(table, "y", ["a"], missing="drop").mutual_information["{1}"] == pytest.approx(1)


def test_coordinates_of_a_dataset_are_columns():
    table = xr.Dataset(
        {"rate": ("time", [1.5, 2.5]), "spike": ("time", [0, 1]), "image": (("time", "pixel"), np.zeros((2, 3)))},
        coords={"time": [0.1, 0.2], "session": ("time", ["a", "b"]), "pixel": [0, 1, 2]},
    )
    frame = as_frame(table)
    assert list(frame.columns) == ["time", "session", "rate", "spike"]
    assert frame["session"].tolist() == ["a", "b"]
    with pytest.raises(TableError, match="'image' is not a column of the table: it has 2 dimensions"):
        decompose_table(frame, "spike", ["image"])


def test_names_of_the_columns_of_a_data_array():
    values = np.arange(6).reshape(3, 2)
    assert list(as_frame(xr.DataArray(values, dims=("trial", "neuron"), name="rate")).columns) == ["rate_0", "rate_1"]
    assert list(as_frame(xr.DataArray(values, dims=("trial", "neuron"))).columns) == ["neuron_0", "neuron_1"]
    with_time = xr.DataArray(values, dims=("time", "neuron"), coords={"time": [1, 2, 3], "neuron": [7, 9]})
    assert list(as_frame(with_time).columns) == ["time", "7", "9"]


def test_a_field_of_several_values_is_several_columns():
    table = np.zeros(4, dtype=[("x", float, (2,)), ("y", int)])
    assert list(as_frame(table).columns) == ["x_0", "x_1", "y"]


def test_mixed_lists_stay_mixed():
    table = {"x": [1.5, "<0.1", *np.linspace(0, 1, 20)], "y": [0, 1] * 11}
    with pytest.raises(TableError, match="'x' must hold numbers or text, not both; row 1"):
        decompose_table(table, "y", ["x"])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pl.LazyFrame({"a": [1]}), "collected; got a polars LazyFrame"),
        (np.zeros((3, 2)), "the table must be a data frame .* got ndarray"),
        ([[1, 2], [3, 4]], "got list"),
        (pd.Series([1, 2]), "got Series"),
        (pl.Series([1, 2]), "got Series"),
        (xr.DataArray(np.zeros(3)), r"two dimensions, rows and columns; got 1 \(dim_0\)"),
        (xr.Dataset({"a": ("x", [1, 2]), "b": ("y", [1, 2])}), "the same for all; theirs are x, y"),
        (xr.Dataset({"a": 1}), "the same for all; it has none"),
        ({"a": [1, 2], "b": [1, 2, 3]}, "same number of rows; a has 2, b has 3"),
        (xr.DataArray(np.zeros((2, 2)), dims=("t", "n"), coords={"n": ["a", "a"]}), "more than one column named 'a'"),
        (np.ma.zeros(3, dtype=[("a", int)]), "must not be masked"),
    ],
)
def test_what_is_no_table(table, message):
    with pytest.raises(TableError, match=message):
        as_frame(table)
