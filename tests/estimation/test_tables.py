"""Decompositions of tables by the names of columns."""

import numpy as np
import pandas as pd
import pytest

from infomorphic.errors import InvalidSamplesError, TableError
from infomorphic.estimation import decompose_table, parse_bins, read_table
from infomorphic.pid import Categories, Edges, EqualMass, EqualWidth

XOR = pd.DataFrame({"a": [0, 0, 1, 1] * 20, "b": [0, 1, 0, 1] * 20, "y": [0, 1, 1, 0] * 20})


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_with_any_usual_separator(tmp_path, separator):
    path = tmp_path / "t.csv"
    XOR.to_csv(path, sep=separator, index=False)
    pd.testing.assert_frame_equal(read_table(path), XOR)


def test_csv_with_a_byte_order_mark_and_quoted_names(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('\ufeff"a, first",b\n1,2\n', encoding="utf-8")
    assert list(read_table(path).columns) == ["a, first", "b"]


def test_parquet(tmp_path):
    XOR.to_parquet(tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.parquet"), XOR)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"a,b\n", "has no rows"),
        (b"a,a\n1,2\n", "more than one column named 'a'"),
        (b"\xff\xfea\x00,\x00b", "cannot be read as a table"),
        (b'a,b\n1,2,3,4\n"', "cannot be read as a table"),
    ],
)
def test_files_that_are_no_table(tmp_path, content, message):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(TableError, match=message):
        read_table(path)


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(TableError, match=r"there is no file .*nothing\.csv"):
        read_table(tmp_path / "nothing.csv")
    with pytest.raises(TableError, match="is not a file"):
        read_table(tmp_path)
    (tmp_path / "bad.parquet").write_bytes(b"no parquet")
    with pytest.raises(TableError, match="cannot be read as a table"):
        read_table(tmp_path / "bad.parquet")


def test_decomposing_columns_by_name():
    d = decompose_table(XOR, "y", ["b", "a"])
    assert d.atoms["{12}"] == pytest.approx(np.log2(4 / 3))
    assert [b.name for b in d.estimate.binning] == ["b", "a", "y"]
    assert decompose_table(XOR, "y", ["a+b"]).mutual_information["{1}"] == pytest.approx(1)
    assert decompose_table(XOR, "a+b", ["y"]).target_entropy == pytest.approx(2)


def test_a_column_whose_name_has_a_plus_is_itself():
    frame = XOR.rename(columns={"a": "a+b"})
    assert decompose_table(frame, "y", ["a+b"]).mutual_information["{1}"] == pytest.approx(0)


def test_bins_by_column_with_a_default():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(4000, 3)), columns=["x", "y", "z"])
    frame["t"] = rng.integers(0, 2, 4000)
    d = decompose_table(frame, "t", ["x", "y+z"], bins={"*": 3, "x": EqualMass(4), "z": EqualMass(2)})
    assert [b.num_values for b in d.estimate.binning] == [4, 6, 2]
    assert "2 bins of equal mass" in d.estimate.binning[1].method


def test_probabilities_of_outcomes():
    table = XOR.iloc[:4].assign(p=0.25)
    assert decompose_table(table, "y", ["a", "b"], probability="p").atoms["{1}{2}"] == pytest.approx(np.log2(2 / 3))
    # Rows that differ only in columns that are not asked for add up.
    assert decompose_table(table, "y", ["a"], probability="p").mutual_information["{1}"] == pytest.approx(0)


def test_weights():
    table = XOR.iloc[:4].assign(w=[0.1, 0.1, 0.1, 0.3])
    with pytest.warns(UserWarning, match="4 observations"):
        assert decompose_table(table, "y", ["a", "b"], weights="w").target_entropy == pytest.approx(
            -(2 / 3) * np.log2(2 / 3) - np.log2(1 / 3) / 3
        )


def test_whole_weights_are_counts_of_observations():
    d = decompose_table(XOR.iloc[:4].assign(count=2500), "y", ["a", "b"], weights="count")
    assert (d.estimate.observations, d.estimate.observations_per_cell) == (10_000, 2500)
    assert d.estimate.miller_madow_bias == pytest.approx(-1 / (20_000 * np.log(2)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("y", ["a", "c"]), "has no column 'c'; it has a, b, y"),
        (("yy", ["a"]), r"no column 'yy'; .* Did you mean 'y'\?"),
        (("y", ["a", "y"]), "target must not be among the sources; 'y'"),
        (("y", ["a", "a"]), "'a' is used twice"),
        (("y", ["a", "a+b"]), "'a' is used twice"),
        (("y", []), "between 1 and 5"),
    ],
)
def test_columns_that_do_not_fit(arguments, message):
    with pytest.raises(ValueError, match=message):
        decompose_table(XOR, *arguments)


def test_options_that_do_not_fit():
    with pytest.raises(TableError, match=r"`bins` must name sources or the target .* got 'z'"):
        decompose_table(XOR, "y", ["a"], bins={"z": 3})
    with pytest.raises(TableError, match="rows must not be weighted or dropped"):
        decompose_table(XOR.assign(p=1 / 80), "y", ["a"], probability="p", missing="drop")
    with pytest.raises(TableError, match="columns named 'a'"):
        decompose_table(pd.concat([XOR, XOR], axis=1), "y", ["a"])
    with pytest.raises(InvalidSamplesError, match=r"r is continuous"):
        decompose_table(XOR.assign(r=np.linspace(0, 1, 80)), "y", ["r"])


@pytest.mark.parametrize(
    ("text", "bins"),
    [
        ("20", 20),
        ("mass:10", EqualMass(10)),
        ("range:20:-1:1", EqualWidth(20, (-1, 1))),
        ("edges:0:0.5:1", Edges((0, 0.5, 1))),
        ("edges:-inf:0:inf", Edges((-np.inf, 0, np.inf))),
        ("categories", Categories()),
    ],
)
def test_bins_in_words(text, bins):
    assert parse_bins(text) == bins


@pytest.mark.parametrize("text", ["", "x", "mass", "mass:2.5", "range:3", "edges:1", "20:3", "mass:x", "2.5"])
def test_bins_that_are_none(text):
    with pytest.raises(TableError, match=r"bins must be written like 20, mass:10"):
        parse_bins(text)
