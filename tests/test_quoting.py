"""Quoted input: one line, bounded, for any value."""

import numpy as np
import pytest

from infomorphic.quoting import MOST_CHARACTERS, quoted, shortened


@pytest.mark.parametrize("value", ["text", 'it\'s "x"', "tab\t", 3, -1.5, None, True, [1, "a"], {"a": (1, 2)}, b"bytes", float("nan")])
def test_an_ordinary_value_is_quoted_as_by_repr(value):
    assert quoted(value) == repr(value)


def _nested(levels, members):
    value = ["x"] * members
    for _ in range(levels):
        value = [value] * members
    return value


@pytest.mark.parametrize(
    "value",
    ["x" * 10**6, _nested(12, 9), {str(i): i for i in range(10**5)}, 10**5000, -(10**9999), b"x" * 10**6, np.zeros(10**5), {"a": 10**5000}],
    ids=["text", "nested", "mapping", "number", "negative", "bytes", "array", "number inside"],
)
def test_a_large_value_is_quoted_to_a_bounded_length(value):
    assert len(quoted(value)) <= MOST_CHARACTERS + 3


def test_what_is_cut_is_marked():
    assert quoted(10**5000) == "a number of about 5001 digits"
    assert shortened("a" * 50 + "b" * 50, 40) == "a" * 27 + " … " + "b" * 10
    assert shortened("a" * 40, 40) == "a" * 40
    assert quoted("a" * 50 + "b" * 50, 40) == "'" + "a" * 26 + " … " + "b" * 9 + "'"
    value = []
    value.append(value)
    assert len(quoted(value)) < 100
