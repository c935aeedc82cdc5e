"""Recognize the format of a file by its content."""

import gzip
import sqlite3

import h5py
import numpy as np
import pandas as pd
import pytest

from estimation.table_files import CSV, XOR, written, zipped
from infomorphic.errors import TableError
from infomorphic.estimation import read_table


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
        (zipped(**{"[Content_Types].xml": "", "word/document.xml": ""}), "an Office file, but no Excel workbook"),
        (zipped(**{"[Content_Types].xml": "", "xl/workbook.xml": ""}), "cannot be read as a table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), r"an old Excel workbook \(.xls\), a workbook with a password.*Save it as .xlsx"),
        (zipped(mimetype="", **{"content.xml": ""}), "OpenDocument"),
        (zipped(**{"a.npy": "", "b.npy": ""}), "cannot be read as a table"),
        (zipped(a="1", b="2"), "zip archive of one file; it has 2"),
        (zipped(a=CSV)[:60], "damaged"),
        (gzip.compress(CSV.encode())[:40], "damaged"),
        ("Größe,y\n1,2\n".encode("cp1252"), "UTF-8; line 1 holds the byte 0xf6.*iconv -f cp1252"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"MATLAB 5.0 MAT-file, Platform", "cannot be read as a table"),
        (b"MATLAB 7.3 MAT-file, Platform", r"a MATLAB 7.3 file.*save\('FILE.mat', '-v7'\)"),
        (b"\x93NUMPY\x01\x00", "single NumPy array without column names.*np.savez"),
        (b"\x80\x04\x95", "pickle, which could run any code"),
        (b"\x01\x02\x00\x03" * 50, "binary file"),
        ("<!DOCTYPE html><table>", "web page"),
        ('[{"a": 1}]', "is JSON"),
        ('{"a": 1}\n{"a": 2}\n', "is JSON"),
    ],
    ids=lambda value: (
        None if isinstance(value, str) and len(value) < 40 else "content"
    ),  # archives hold the time, which the workers of xdist must not see
)
def test_files_that_are_refused_in_a_sentence(tmp_path, content, message):
    with pytest.raises(TableError, match=message) as caught:
        read_table(written(tmp_path, content))
    assert len(str(caught.value)) < 600 + len(str(tmp_path))


def test_a_database_is_refused(tmp_path):
    with pytest.raises(TableError, match="SQLite"):
        read_table(written(tmp_path, sqlite(tmp_path)))


@pytest.mark.parametrize("user_block", [0, 512])
def test_hdf5_and_matlab_7_3(tmp_path, user_block):
    with h5py.File(tmp_path / "t.mat", "w", userblock_size=user_block) as file:
        file["x"] = np.arange(5)
    if user_block:  # as MATLAB writes it
        content = bytearray((tmp_path / "t.mat").read_bytes())
        content[:19] = b"MATLAB 7.3 MAT-file"
        (tmp_path / "t.mat").write_bytes(content)
    with pytest.raises(TableError, match=r"HDF5.*'-v7'"):
        read_table(tmp_path / "t.mat")


@pytest.mark.parametrize("suffix", [".parquet", ".feather", ".xlsx", ".npz", ".mat"])
def test_a_suffix_that_the_content_does_not_have(tmp_path, suffix):
    with pytest.raises(TableError, match=f"its content is not that of a {suffix} file"):
        read_table(written(tmp_path, CSV, f"t{suffix}"))


@pytest.mark.parametrize("suffix", [".xls", ".txt", ".dat", ""])
def test_text_of_any_other_suffix_is_read(tmp_path, suffix):
    pd.testing.assert_frame_equal(read_table(written(tmp_path, CSV, f"t{suffix}")), XOR)


def test_a_sheet_of_a_file_without_sheets(tmp_path):
    with pytest.raises(TableError, match=r"`sheet` must come with an Excel workbook; .*t.csv is a text file"):
        read_table(written(tmp_path, CSV), sheet="1")
