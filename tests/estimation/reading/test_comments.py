"""Lines that begin with `#`."""

import numpy as np
import pandas as pd
import pytest

from estimation.table_files import CSV, XOR, written
from infomorphic.errors import TableError
from infomorphic.estimation import read_table


@pytest.mark.parametrize(
    "content",
    [
        "# recorded by Ann, 2024\n" + CSV,
        "# recorded in Bonn, on a Monday, by Ann\n" + CSV,
        "#\n\n# two\n" + CSV,
        CSV.replace("1,1,0\n", "1,1,0\n# a break\n", 1),
        CSV.replace("1,1,0\n", "1,1,0\n#1,0,0\n", 1),
        CSV + "# the end, isn't it; \"so\n",
        "sep=,\n# first\n" + CSV,
        "# a,b,y\n" + CSV.partition("\n")[2],
        "# date: 2024; by: Ann\n" + CSV.replace(",", ";"),
        "  # indented\n" + CSV.replace("\n", "\r\n"),
    ],
    ids=range(10),
)
def test_the_same_table_with_comments(tmp_path, content):
    pd.testing.assert_frame_equal(read_table(written(tmp_path, content)), XOR)


@pytest.mark.parametrize("delimiter", [" ", ",", "\t"])
def test_headers_as_numpy_writes_them(tmp_path, delimiter):
    np.savetxt(tmp_path / "t.txt", XOR.to_numpy(), fmt="%d", delimiter=delimiter, header=delimiter.join(XOR.columns))
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.txt"), XOR)


def test_values_that_begin_with_the_mark_of_a_comment(tmp_path):
    frame = read_table(written(tmp_path, "#,y\n1,0\n2,1\n"))
    assert list(frame.columns) == ["#", "y"]
    frame = read_table(written(tmp_path, "id,y\n#1,0\n#2,1\n"))
    assert frame["id"].tolist() == ["#1", "#2"]
    frame = read_table(written(tmp_path, "# mine\nid,y\n#1,0\n#2,1\n"))
    assert frame["id"].tolist() == ["#1", "#2"]
    frame = read_table(written(tmp_path, 'x,y\n1,0\n#N/A,1\n"#2",1\n#DIV/0!,1\n'))
    assert frame["y"].tolist() == [0, 1, 1, 1]
    assert frame["x"].isna().tolist() == [False, True, False, False]
    frame = read_table(written(tmp_path, 'x,y\n"two\n# lines",0\nb,1\n'))
    assert frame["x"].tolist() == ["two\n# lines", "b"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("# color,shape\nred,round\nblue,flat\n", "must have one header"),
        ("color,y\nred,0\n#ff0000,1\n#00ff00,1\n", "2 lines with 2 fields begin with #, such as '#ff0000,1'"),
        ("x,y\n1,0 # low\n2,1,3\n", "a comment is a line of its own"),
    ],
)
def test_lines_that_may_be_comments_or_not(tmp_path, content, message):
    with pytest.raises(TableError, match=message):
        read_table(written(tmp_path, content))
