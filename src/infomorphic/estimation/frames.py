"""A pandas data frame from the tables of other libraries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from infomorphic.errors import TableError
from infomorphic.estimation.arrays import frame_of_arrays
from infomorphic.extras import missing

if TYPE_CHECKING:
    import pandas as pd

_ACCEPTED = "a data frame of pandas or polars, an xarray Dataset or DataArray, a structured NumPy array, or arrays by name in a dictionary"


def as_frame(table: Any) -> pd.DataFrame:
    """The table as a pandas data frame; a pandas data frame is returned as it is.

    - **polars**, **pyarrow** and every other data frame with Arrow's interface: its columns.
    - **xarray Dataset**: its variables along one dimension, and the coordinates along it.
    - **xarray DataArray** of two dimensions: rows along the first; the columns have the names of the coordinate of the second or, without
      one, the array's name and a number. The coordinates along the first dimension are columns too.
    - **structured NumPy array**: its fields.
    - **dictionary** of arrays: as for NPZ files (`infomorphic.estimation.read_table`).

    Raises:
        TableError: if the table has another type, or no columns of one length.
    """
    import pandas as pd

    if isinstance(table, pd.DataFrame):
        return table
    if isinstance(table, np.ndarray) and table.dtype.names:
        return _of_fields(table)
    library = type(table).__module__.partition(".")[0]
    if library == "xarray" and hasattr(table, "data_vars"):
        return _of_dataset(table)
    if library == "xarray" and hasattr(table, "dims"):
        return _of_data_array(table)
    if library == "polars" and hasattr(table, "collect"):
        raise TableError("the table must be collected; got a polars LazyFrame. Pass table.collect().")
    if hasattr(table, "__arrow_c_stream__") and hasattr(table, "columns"):
        return frame_of_arrow(table)
    if isinstance(table, Mapping):
        return frame_of_arrays(table, "the dictionary")
    raise TableError(f"the table must be {_ACCEPTED}; got {type(table).__name__}.")


def frame_of_arrow(table: Any) -> pd.DataFrame:
    """A table of pyarrow, or another with Arrow's interface. Whole numbers with missing entries stay whole."""
    if problem := missing("this table", "pyarrow"):
        raise TableError(problem)
    import pyarrow as pa

    # By default they would become real numbers, and large ones would change.
    return pa.table(table).to_pandas(integer_object_nulls=True)


def _of_fields(table: np.ndarray) -> pd.DataFrame:
    rows = table.reshape(-1) if table.ndim != 1 else table
    if isinstance(rows, np.ma.MaskedArray):
        raise TableError("the structured array must not be masked. Pass a dictionary of its fields, or a data frame.")
    assert rows.dtype.names is not None
    return frame_of_arrays({name: rows[name] for name in rows.dtype.names}, "the structured array")


def _of_dataset(table: Any) -> pd.DataFrame:
    used = {name: variable for name, variable in table.data_vars.items() if variable.ndim == 1}
    reasons = {str(name): f"has {variable.ndim} dimensions" for name, variable in table.data_vars.items() if variable.ndim != 1}
    dims = sorted({str(variable.dims[0]) for variable in used.values()})
    if len(dims) != 1:
        has = f"theirs are {', '.join(dims)}" if dims else "it has none"
        raise TableError(
            f"the Dataset must have variables of one dimension, the same for all; {has}. Select the variables: table[['stimulus', 'spike']]."
        )
    along = {name: c for name, c in table.coords.items() if c.dims == (dims[0],)}
    return frame_of_arrays({str(name): v.values for name, v in (along | used).items()}, "the Dataset", reasons)


def _of_data_array(table: Any) -> pd.DataFrame:
    if table.ndim != 2:
        raise TableError(
            f"the DataArray must have two dimensions, rows and columns; got {table.ndim} ({', '.join(map(str, table.dims))}). "
            "Pass table.stack(row=[…]) with all other dimensions."
        )
    rows, columns = table.dims
    along = {str(name): c.values for name, c in table.coords.items() if c.dims == (rows,)}
    if columns in table.coords:
        labels = [str(label) for label in table.coords[columns].values]
    else:
        labels = [f"{table.name if table.name is not None else columns}_{i}" for i in range(table.sizes[columns])]
    twice = [label for label in (*along, *labels) if (*along, *labels).count(label) > 1]
    if twice:
        raise TableError(f"the DataArray has more than one column named {twice[0]!r}; rename them.")
    values = table.values
    return frame_of_arrays(along | {label: values[:, i] for i, label in enumerate(labels)}, "the DataArray")
