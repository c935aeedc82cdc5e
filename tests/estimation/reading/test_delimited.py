"""Read CSV and its dialects."""

import bz2
import gzip
import lzma

import numpy as np
import pandas as pd
import pytest

from estimation.table_files import CSV, XOR, written, zipped
from infomorphic.errors import TableError
from infomorphic.estimation import decompose_table, read_table


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(CSV.encode()),
        bz2.compress(CSV.encode()),
        lzma.compress(CSV.encode()),
        zipped(table=CSV),
        gzip.compress(gzip.compress(CSV.encode())),
        CSV.encode("utf-16"),
        CSV.encode("utf-16-le"),
        CSV.encode("utf-16-be"),
        CSV.encode("utf-32"),
        CSV.encode("utf-8-sig"),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace("\n", "\r").encode(),
        CSV.replace(",", " , ").encode(),
        CSV.replace(",", " | ").encode(),
        CSV.replace(",", "   ").replace("\n", "  \n").encode(),
        ("sep=;\n" + CSV.replace(",", ";")).encode(),
        CSV.replace("\n", "\n\n").encode(),
        CSV.replace("\n", ",,\n").encode(),
        CSV.replace("a,b,y", '"a", "b", "y"').encode(),
        (CSV + ",,\n").encode(),
        "\n".join([" ".join(['"a"', '"b"', '"y"'])] + [f'"{i}" {a} {b} {y}' for i, (a, b, y) in enumerate(XOR.to_numpy(), 1)]).encode(),
        "\n".join(["a,b,y"] + [f"row {i},{a},{b},{y}" for i, (a, b, y) in enumerate(XOR.to_numpy())]).encode(),
        CSV.replace("\n", ",\n").replace("y,", "y", 1).encode(),
    ],
    ids=range(23),
)
def test_the_same_table_in_other_forms(tmp_path, content):
    pd.testing.assert_frame_equal(read_table(written(tmp_path, content)), XOR)


@pytest.mark.parametrize("separator", [";", "\t", " ", "|"])
def test_decimal_commas(tmp_path, separator):
    text = "x;y\n0,5;1\n-1,25e2;0\n3;1\n,5;0\n".replace(";", separator)
    assert read_table(written(tmp_path, text))["x"].tolist() == [0.5, -125, 3, 0.5]


def test_decimal_commas_and_points_in_one_file_are_an_error(tmp_path):
    with pytest.raises(TableError, match="column 'x' has decimal commas, column 'y' decimal points"):
        read_table(written(tmp_path, "x;y\n0,5;1.5\n2,5;0\n"))


@pytest.mark.parametrize("entry", ["<0.1", "-", "?", "n.d.", "1,234.5"])
def test_text_among_numbers_is_an_error_with_row_and_entry(tmp_path, entry):
    rows = "".join(f'"{i / 7:.3f}",{i % 2}\n' for i in range(60))
    frame = read_table(written(tmp_path, f'dose,y\n{rows}"{entry}",1\n'))
    for bins in (None, 3, {"dose": 3}):
        with pytest.raises(TableError, match=r"'dose' must hold numbers") as caught:
            decompose_table(frame, "y", ["dose"], bins=bins)
        assert repr(entry) in str(caught.value)


def test_thousands_are_not_taken_for_something_else(tmp_path):
    frame = read_table(written(tmp_path, "x\ty\n1,234\t0\n2,500\t1\n3,700\t1\n"))
    with pytest.raises(TableError, match=r"without thousands separators; row 0 .* is the text '1,234'"):
        decompose_table(frame, "y", ["x"])


def test_whole_numbers_with_missing_entries_stay_whole(tmp_path):
    frame = read_table(written(tmp_path, "id,y\n9007199254740993,0\n9007199254740992,1\n,1\n"))
    assert frame["id"].dropna().nunique() == 2


def test_numbers_are_the_nearest_to_what_is_written(tmp_path):
    values = np.random.default_rng(0).normal(size=500) * 10.0 ** np.arange(-250, 250)
    frame = read_table(written(tmp_path, "x\n" + "\n".join(map(repr, values.tolist()))))
    assert frame["x"].tolist() == values.tolist()


def test_a_row_of_missing_values_is_no_blank_row(tmp_path):
    frame = read_table(written(tmp_path, "a,b\n1,2\nNA,NA\n,\n\n3,4\n"))
    assert frame["a"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\n1,2\n1,2,3\n", r"row 2 below it has 3: '1,2,3'"),
        ("a,b\n1,2\n1\n", r"row 2 below it has 1"),
        ("a,b\n1,5,2\n2,5,3\n", "write numbers with decimal points"),
        ('a,b\n1,"2\n3,4\n', "quotation mark that is not closed"),
    ],
)
def test_rows_that_do_not_fit_are_refused(tmp_path, content, message):
    with pytest.raises(TableError, match=message):
        read_table(written(tmp_path, content))
