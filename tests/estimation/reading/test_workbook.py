"""Read Excel workbooks that pandas and openpyxl wrote."""

import datetime
import io
import sys
import zipfile

import openpyxl
import pandas as pd
import pytest

from estimation.table_files import XOR
from infomorphic.errors import TableError
from infomorphic.estimation import decompose_table, read_table
from infomorphic.estimation.columns import kind_of


def book_of(tmp_path, rows, *, others=(), merged=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "trials"
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    for name, content in others:
        book.create_sheet(name).append(content)
    book.save(tmp_path / "t.xlsx")
    return tmp_path / "t.xlsx"


def test_a_workbook_of_pandas(tmp_path):
    XOR.to_excel(tmp_path / "t.xlsx", index=False)
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.xlsx"), XOR)


def test_the_content_counts_and_not_the_suffix(tmp_path):
    XOR.to_excel(tmp_path / "t.xlsx", index=False)
    (tmp_path / "t.csv").write_bytes((tmp_path / "t.xlsx").read_bytes())
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.csv"), XOR)


def test_types_of_columns(tmp_path):
    rows = [
        (" dose ", "n", "cue", "on", "day", 7),
        (0.5, 1, "left ", True, datetime.datetime(2024, 1, 2), 1),
        (None, None, " right", False, datetime.datetime(2024, 1, 3), 2),
        (2, 3, "NA", True, None, 3),
    ]
    frame = read_table(book_of(tmp_path, rows))
    assert list(frame.columns) == ["dose", "n", "cue", "on", "day", "7"]
    assert [str(kind_of(frame[c])) for c in frame] == [
        "real numbers, 1 missing",
        "whole numbers, 1 missing",
        "text, 1 missing",
        "boolean",
        "dates, 1 missing",
        "whole numbers",
    ]
    assert frame["cue"].tolist()[:2] == ["left", "right"]


def test_blank_rows_and_columns(tmp_path):
    rows = [(), (), (None, "a", None, "y"), (), (None, 1, None, 0), (), (None, 2, "", 1), (None, None, None, None)]
    frame = read_table(book_of(tmp_path, rows))
    assert frame.to_dict("list") == {"a": [1, 2], "y": [0, 1]}


def test_text_among_numbers_is_an_error(tmp_path):
    frame = read_table(book_of(tmp_path, [("x", "y"), *((i / 7, i % 2) for i in range(20)), ("#DIV/0!", 1)]))
    with pytest.raises(TableError, match=r"'x' must hold numbers or text, not both; row 20 .* '#DIV/0!'"):
        decompose_table(frame, "y", ["x"])


def test_the_only_sheet_with_entries_is_read(tmp_path):
    path = book_of(tmp_path, [("a", "y"), (1, 0)], others=[("Sheet2", [])])
    assert read_table(path).to_dict("list") == {"a": [1], "y": [0]}


def test_sheets_by_name(tmp_path):
    with pd.ExcelWriter(tmp_path / "t.xlsx") as writer:
        XOR.to_excel(writer, sheet_name="first", index=False)
        XOR.assign(z=1).to_excel(writer, sheet_name="second", index=False)
    assert list(read_table(tmp_path / "t.xlsx", sheet="second").columns) == ["a", "b", "y", "z"]
    with pytest.raises(TableError, match=r"2 sheets with entries: first, second. Choose one with `sheet`"):
        read_table(tmp_path / "t.xlsx")
    with pytest.raises(TableError, match=r"`sheet` must be a sheet of .* \(first, second\); got 'secnd'. Did you mean 'second'\?"):
        read_table(tmp_path / "t.xlsx", sheet="secnd")


@pytest.mark.parametrize(
    ("rows", "merged", "message"),
    [
        ([("id", "trial", None), (1, 2, 3), (2, 3, 4)], "B1:C1", "must have a name in row 1.*column C has none, but row 2 has 3"),
        ([("My experiment",), ("a", "y"), (1, 0)], None, "column B has none, but row 2 has 'y' there"),
        ([("a", "a"), (1, 2)], None, "more than one column named 'a'"),
        ([("a", "y")], None, "has no rows: the sheet 'trials' has only row 1"),
        ([], None, "is empty: no sheet has entries"),
    ],
)
def test_mistakes_in_sheets(tmp_path, rows, merged, message):
    with pytest.raises(TableError, match=message):
        read_table(book_of(tmp_path, rows, merged=merged))


def test_an_empty_sheet_by_name(tmp_path):
    path = book_of(tmp_path, [("a", "y"), (1, 0)], others=[("Sheet2", [])])
    with pytest.raises(TableError, match="the sheet 'Sheet2' has no entries"):
        read_table(path, sheet="Sheet2")


def test_a_damaged_workbook(tmp_path):
    XOR.to_excel(tmp_path / "t.xlsx", index=False)
    content = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "t.xlsx") as whole, zipfile.ZipFile(content, "w") as part:
        for name in whole.namelist():
            part.writestr(name, whole.read(name)[:200] if name.endswith("sheet1.xml") else whole.read(name))
    (tmp_path / "t.xlsx").write_bytes(content.getvalue())
    with pytest.raises(TableError, match="cannot be read as a table"):
        read_table(tmp_path / "t.xlsx")


def test_a_cell_far_away_does_not_fill_the_memory(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"], book.active["XFD5"] = "x", "y", 1
    book.active["A1048576"] = 1
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(TableError, match="column XFD has none, but row 5 has 1"):
        read_table(tmp_path / "t.xlsx")


def test_the_package_is_missing(tmp_path, monkeypatch):
    XOR.to_excel(tmp_path / "t.xlsx", index=False)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(
        TableError, match=r"needs the package openpyxl, which is not installed. Install it: pip install 'infomorphic\[tables\]'"
    ):
        read_table(tmp_path / "t.xlsx")
