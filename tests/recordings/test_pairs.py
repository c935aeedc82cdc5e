"""The matrix of targets and sources, and saved tables."""

import numpy as np
import pandas as pd
import pytest

from infomorphic.errors import RecordingError, TableError
from infomorphic.recordings import decompose_pairs


def series(length=600, seed=0):
    """Five variables of different types; `d` follows `a` and `b` one bin later."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=(3, length))
    d = (np.roll(a, 1) * np.roll(b, 1) > 0).astype(int)
    return pd.DataFrame({"a": a, "b": b, "c": rng.integers(0, 4, length), "d": d, "e": np.where(c > 0, "up", "down")})


def test_matrix_of_targets_and_sources():
    found = decompose_pairs(series(), bins=2, lags=[0, 1])
    matrix = found.matrix(lag=1)
    assert matrix.index.tolist() == matrix.columns.tolist() == ["a", "b", "c", "d", "e"]
    assert np.isnan(np.diag(matrix)).all()
    frame = found.frame
    row = frame[(frame["target"] == "d") & (frame["source_1"] == "c") & (frame["lag"] == 1) & (frame["label"] == "I{1}")]
    assert matrix.loc["d", "c"] == row["bits"].item()


def test_matrix_of_pairs_reads_a_label_with_the_source_of_the_column_first():
    found = decompose_pairs(series(), "e", ["a", "b", "c"], num_sources=2, bins=2)
    frame = found.frame.assign(label=found.frame["label"].astype(str)).set_index(["source_1", "source_2", "label"])["bits"]
    unique_of_b = (frame["a", "b", "{2}"] + frame["b", "c", "{1}"]) / 2
    assert found.matrix("{1}").loc["e", "b"] == pytest.approx(unique_of_b)
    assert found.matrix("I{2}").loc["e", "b"] == pytest.approx((frame["a", "b", "I{1}"] + frame["b", "c", "I{2}"]) / 2)
    assert found.telling_label == "{12}"
    assert found.matrix().loc["e", "a"] == pytest.approx((frame["a", "b", "{12}"] + frame["a", "c", "{12}"]) / 2)


def test_saved_tables_can_be_read_again(tmp_path):
    found = decompose_pairs(series(), bins=2, test=9)
    for suffix, read in ((".parquet", pd.read_parquet), (".csv", pd.read_csv), (".feather", pd.read_feather)):
        path = tmp_path / f"pairs{suffix}"
        found.save(path)
        again = read(path)
        assert list(again.columns) == list(found.frame.columns)
        np.testing.assert_allclose(again["bits"], found.frame["bits"], rtol=1e-12)
        assert again["target"].astype(str).tolist() == found.frame["target"].astype(str).tolist()
    with pytest.raises(TableError, match=r"`out` must be a .parquet, .csv or .feather file; got 'pairs.xlsx'"):
        found.save(tmp_path / "pairs.xlsx")
    with pytest.raises(TableError, match="there is no folder"):
        found.save(tmp_path / "absent" / "pairs.csv")


def test_an_unknown_label_or_lag_of_a_matrix():
    found = decompose_pairs(series(), bins=2)
    with pytest.raises(RecordingError, match=r"`label` must be one of \{1\}, I\{1\}; got '\{3\}'"):
        found.matrix("{3}")
    with pytest.raises(RecordingError, match="`lag` must be one of 0; got 1"):
        found.matrix(lag=1)
