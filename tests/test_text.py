"""Text of users in spreadsheets."""

import pytest

from infomorphic.text import csv_value


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-{F}", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_no_text_is_a_formula(text):
    assert csv_value(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1, -1.5, "-1.5", "+3", "-1e-3", "-inf", "{F}-{C}", "a=b", "", None, True])
def test_numbers_and_other_text_stay(value):
    assert csv_value(value) == value
