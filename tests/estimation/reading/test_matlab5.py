"""Read variables of MATLAB files as SciPy writes and reads them."""

import io

import numpy as np
import pytest
from scipy.io import loadmat, savemat
from scipy.io.matlab import MatlabObject

from infomorphic.estimation.reading.matlab5 import DamagedFileError, TooLargeError, variables_of

TYPES = ("f8", "f4", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8")


def written(variables, **options):
    file = io.BytesIO()
    savemat(file, variables, **options)
    return file.getvalue()


def read(content, most_bytes=2**30):
    return {variable.name: variable for variable in variables_of(content, most_bytes)}


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (3, 4), (2, 3, 4), (0, 0), (1, 3)])
def test_numbers_equal_scipys(shape, compressed):
    rng = np.random.default_rng(0)
    given = {f"x_{t}": (100 * rng.normal(size=shape)).astype(t) for t in TYPES if t[0] != "u"}
    given |= {f"x_{t}": rng.integers(0, 100, size=shape).astype(t) for t in TYPES if t[0] == "u"}
    content = written(given, do_compression=compressed)
    theirs, ours = loadmat(io.BytesIO(content)), read(content)
    for name in given:
        np.testing.assert_array_equal(ours[name].array, theirs[name], strict=True)


def test_logical_values_and_text():
    cells = np.empty((3, 1), dtype=object)
    cells[:, 0] = ["left", "", "größer €"]
    content = written({"on": np.array([[True], [False]]), "rows": np.array(["ab", "c"]), "word": "größer", "cells": cells, "none": ""})
    ours = read(content)
    assert ours["on"].array.dtype == bool
    assert ours["rows"].array.tolist() == ["ab", "c"]
    assert ours["word"].array.tolist() == ["größer"]
    assert ours["cells"].array.tolist() == [["left"], [""], ["größer €"]]
    assert ours["none"].array.size == 0


def test_big_endian_files():
    def element(kind, data):
        return kind.to_bytes(4, "big") + len(data).to_bytes(4, "big") + data + bytes(-len(data) % 8)

    numbers = np.array([1, -2, 300], dtype=">i2").tobytes()
    parts = [
        element(6, (6).to_bytes(4, "big") + bytes(4)),
        element(5, np.array([1, 3], dtype=">i4").tobytes()),
        element(1, b"x"),
        element(3, numbers),
    ]
    content = b"MATLAB 5.0".ljust(124) + b"\x01\x00MI" + element(14, b"".join(parts))
    np.testing.assert_array_equal(read(content)["x"].array, [[1.0, -2.0, 300.0]])


def test_what_is_not_a_column():
    holder = MatlabObject(np.array([[(1.0,)]], dtype=[("x", object)]), "thing")
    ours = read(written({"s": {"x": 1}, "z": 1j * np.arange(3), "o": holder}))
    assert {name: variable.array for name, variable in ours.items()} == {"s": None, "z": None, "o": None}
    assert ours["s"].reason.endswith("'-struct', 's')")
    assert ours["z"].reason == "holds complex numbers"
    assert "MATLAB object" in ours["o"].reason


def test_the_size_when_unpacked_is_bounded():
    content = written({"x": np.zeros(10_000)}, do_compression=True)
    assert len(content) < 1000
    with pytest.raises(TooLargeError):
        read(content, most_bytes=10_000)


@pytest.mark.parametrize("at", [128, 132, 136, 144, 152, 160, 168, 176, 184])
def test_any_damaged_tag_is_an_error_or_another_variable(at):
    content = bytearray(written({"x": np.arange(6.0).reshape(2, 3)}))
    for value in (0, 1, 5, 14, 15, 127, 255):
        damaged = content[:at] + bytes([value]) * 4 + content[at + 4 :]
        try:
            read(bytes(damaged))
        except DamagedFileError as error:
            assert error.args  # noqa: PT017 - both outcomes are right
