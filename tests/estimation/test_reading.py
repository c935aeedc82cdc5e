import bz2
import gzip
import io
import lzma
import sqlite3
import zipfile

import numpy as np
import pandas as pd
import pytest

from infomorphic.errors import TableError
from infomorphic.estimation import decompose_table, read_table

CSV = "a,b,y\n" + "0,0,0\n0,1,1\n1,0,1\n1,1,0\n" * 20
XOR = pd.read_csv(io.StringIO(CSV))


def written(tmp_path, content, name="t.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "/") if name.endswith("_") else name, content)
    return file.getvalue()


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


def test_feather_and_indexed_parquet(tmp_path):
    XOR.to_feather(tmp_path / "t.feather")
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.feather"), XOR)
    XOR.set_index("a").to_parquet(tmp_path / "t.parquet")
    assert list(read_table(tmp_path / "t.parquet").columns) == ["a", "b", "y"]


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


def sqlite(tmp_path):
    with sqlite3.connect(tmp_path / "db") as connection:
        connection.execute("create table t (a)")
    connection.close()
    return (tmp_path / "db").read_bytes()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        ("a,b\n1,2\n1,2,3\n", r"row 2 below it has 3: '1,2,3'"),
        ("a,b\n1,2\n1\n", r"row 2 below it has 1"),
        ("# by me\na,b,c\n1,2,3\n1,2,3\n", "comments are not supported|one per name in the header"),
        ("a,b\n1,5,2\n2,5,3\n", "write numbers with decimal points"),
        ('a,b\n1,"2\n3,4\n', "quotation mark that is not closed"),
        (zipped(**{"[Content_Types].xml": "", "xl/workbook.xml": ""}), "is an Excel workbook or another Office file. Save it as CSV"),
        (zipped(mimetype="", **{"content.xml": ""}), "OpenDocument"),
        (zipped(**{"a.npy": "", "b.npy": ""}), "archive of NumPy arrays"),
        (zipped(a="1", b="2"), "zip archive of one file; it has 2"),
        (zipped(a=CSV)[:60], "damaged"),
        (gzip.compress(CSV.encode())[:40], "damaged"),
        ("Größe,y\n1,2\n".encode("cp1252"), "UTF-8; line 1 holds the byte 0xf6.*iconv -f cp1252"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"MATLAB 5.0 MAT-file, Platform", "MATLAB file"),
        (b"\x93NUMPY\x01\x00", "NumPy array"),
        (b"\x80\x04\x95", "pickle"),
        (b"\x01\x02\x00\x03" * 50, "binary file"),
        ("<!DOCTYPE html><table>", "web page"),
        ('[{"a": 1}]', "is JSON"),
        ('{"a": 1}\n{"a": 2}\n', "is JSON"),
    ],
)
def test_files_that_are_refused_in_a_sentence(tmp_path, content, message):
    with pytest.raises(TableError, match=message) as caught:
        read_table(written(tmp_path, content))
    assert len(str(caught.value)) < 600 + len(str(tmp_path))


def test_a_database_is_refused(tmp_path):
    with pytest.raises(TableError, match="SQLite"):
        read_table(written(tmp_path, sqlite(tmp_path)))


def test_a_row_of_missing_values_is_no_blank_row(tmp_path):
    frame = read_table(written(tmp_path, "a,b\n1,2\nNA,NA\n,\n\n3,4\n"))
    assert frame["a"].isna().tolist() == [False, True, False]
