"""Read Parquet and Feather files that pandas and polars wrote."""

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from estimation.table_files import XOR
from infomorphic.errors import TableError
from infomorphic.estimation import read_table
from infomorphic.estimation.columns import kind_of
from infomorphic.estimation.reading import content


def test_files_of_pandas(tmp_path):
    XOR.to_feather(tmp_path / "t.feather")
    XOR.to_parquet(tmp_path / "t.parquet")
    for name in ("t.feather", "t.parquet"):
        pd.testing.assert_frame_equal(read_table(tmp_path / name), XOR)


def test_a_named_index_is_a_column(tmp_path):
    XOR.set_index("a").to_parquet(tmp_path / "t.parquet")
    assert list(read_table(tmp_path / "t.parquet").columns) == ["a", "b", "y"]


@pytest.mark.parametrize("name", ["t.parquet", "t.feather"])
def test_whole_numbers_with_missing_entries_stay_whole(tmp_path, name):
    frame = pl.DataFrame({"id": [2**53, 2**53 + 1, None], "cue": ["left", None, "right"]})
    frame.write_parquet(tmp_path / name) if name == "t.parquet" else frame.write_ipc(tmp_path / name, compression="zstd")
    found = read_table(tmp_path / name)
    assert found["id"].dropna().nunique() == 2
    assert [str(kind_of(found[c])) for c in found] == ["whole numbers, 1 missing", "text, 1 missing"]


@pytest.mark.parametrize("name", ["t.parquet", "t.feather"])
def test_the_size_is_bounded(tmp_path, monkeypatch, name):
    frame = pd.DataFrame({"x": [0] * 200_000})
    frame.to_parquet(tmp_path / name) if name == "t.parquet" else frame.to_feather(tmp_path / name, compression="zstd")
    assert (tmp_path / name).stat().st_size < 10_000
    monkeypatch.setattr(content, "MOST_BYTES", 2**20)
    with pytest.raises(TableError, match="when unpacked"):
        read_table(tmp_path / name)


@pytest.mark.parametrize("name", ["t.parquet", "t.feather"])
def test_no_rows(tmp_path, name):
    table = pa.table({"x": pa.array([], type=pa.int64())})
    parquet.write_table(table, tmp_path / name) if name == "t.parquet" else table.to_pandas().to_feather(tmp_path / name)
    with pytest.raises(TableError, match="has no rows"):
        read_table(tmp_path / name)
