"""Read NumPy archives; nothing in them is unpickled."""

import io
import zipfile

import numpy as np
import pytest

from estimation.table_files import XOR
from infomorphic.errors import TableError
from infomorphic.estimation import decompose_table, read_table


def saved(tmp_path, **arrays):
    np.savez_compressed(tmp_path / "t.npz", **arrays)
    return tmp_path / "t.npz"


def test_arrays_are_columns(tmp_path):
    frame = read_table(
        saved(
            tmp_path,
            stimulus=np.linspace(0, 1, 4),
            spike=np.array([0, 1, 1, 0], dtype=np.int8),
            cue=np.array(["left", "right", "left", "left"]),
            code=np.array([b"x", b"y", b"x", b"x"]),
            on=np.array([True, False, True, True]),
            day=np.array(["2024-01-01"] * 4, dtype="M8[D]"),
            rates=np.arange(8.0).reshape(4, 2),
            column=np.arange(4)[:, None],
            rate=30.0,
        )
    )
    assert list(frame.columns) == ["stimulus", "spike", "cue", "code", "on", "day", "rates_0", "rates_1", "column"]
    assert frame["rates_1"].tolist() == [1, 3, 5, 7]
    assert frame["code"].tolist() == ["x", "y", "x", "x"]
    with pytest.raises(TableError, match="'rate' is not a column of the table: it is a single value"):
        decompose_table(frame, "spike", ["rate"])


def test_the_atoms_of_an_archive(tmp_path):
    path = saved(tmp_path, **{name: XOR[name].to_numpy() for name in XOR})
    assert decompose_table(read_table(path), "y", ["a", "b"]).atoms["{12}"] == pytest.approx(np.log2(4 / 3))


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("something was unpickled",))


def test_objects_are_never_unpickled(tmp_path):
    path = saved(tmp_path, x=np.array([1, 2]), trap=np.array([Trap(), Trap()], dtype=object))
    frame = read_table(path)
    assert list(frame.columns) == ["x"]
    with pytest.raises(TableError, match="'trap' is not a column of the table: it holds Python objects, which could run any code"):
        decompose_table(frame, "x", ["trap"])
    with pytest.raises(TableError, match="has no column: trap holds Python objects"):
        read_table(saved(tmp_path, trap=np.array([Trap(), Trap()], dtype=object)))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"a": np.arange(3), "b": np.arange(4)}, "same number of rows; a has 3, b has 4"),
        ({"a": np.arange(30).reshape(3, 10), "b": np.arange(10)}, "a has 3, b has 10. Rows are the first axis: transpose"),
        ({"a": np.zeros((3, 2, 2)), "b": 1j * np.arange(3)}, "no column: a has 3 dimensions; b holds complex numbers"),
        ({"a": np.zeros((3, 2)), "a_1": np.zeros(3)}, "more than one column named 'a_1'"),
        ({"a": np.zeros(0), "b": np.zeros(0)}, "has no rows"),
        ({"a": np.zeros(5, dtype=[("x", int), ("y", float)])}, "a holds records"),
        ({"a": np.zeros((5, 20_000))}, "a has 20,000 columns"),
    ],
)
def test_arrays_that_are_no_table(tmp_path, arrays, message):
    with pytest.raises(TableError, match=message):
        read_table(saved(tmp_path, **arrays))


@pytest.mark.parametrize("dtype", ["<f8", "<U0"])
def test_headers_that_announce_more_than_there_is(tmp_path, dtype):
    member = io.BytesIO()
    np.lib.format.write_array_header_1_0(member, {"descr": dtype, "fortran_order": False, "shape": (10**15,)})
    with zipfile.ZipFile(tmp_path / "t.npz", "w") as archive:
        archive.writestr("x.npy", member.getvalue())
    with pytest.raises(TableError, match="'x' announces more than the file has"):
        read_table(tmp_path / "t.npz")
