"""Read MATLAB files that SciPy wrote."""

import numpy as np
import pytest
from scipy.io import savemat
from scipy.sparse import csc_array

from estimation.table_files import XOR
from infomorphic.errors import TableError
from infomorphic.estimation import decompose_table, read_table
from infomorphic.estimation.reading import content


def saved(tmp_path, variables, **options):
    savemat(tmp_path / "t.mat", variables, **options)
    return tmp_path / "t.mat"


def cells(*entries):
    array = np.empty(len(entries), dtype=object)
    array[:] = entries
    return array


@pytest.mark.parametrize("options", [{}, {"do_compression": True}, {"format": "4"}, {"oned_as": "column"}])
def test_vectors_are_columns(tmp_path, options):
    path = saved(tmp_path, {name: XOR[name].to_numpy() for name in XOR}, **options)
    frame = read_table(path)
    assert {name: frame[name].tolist() for name in frame} == XOR.to_dict("list")
    assert decompose_table(frame, "y", ["a", "b"]).atoms["{12}"] == pytest.approx(np.log2(4 / 3))


def test_matrices_text_and_logical_values(tmp_path):
    variables = {
        "x": np.arange(8.0).reshape(4, 2),
        "on": np.array([True, False, True, True]),
        "cue": cells("left", "right", "", "left"),
        "rows": np.array(["ab", "cd", "ef", "gh"]),
    }
    frame = read_table(saved(tmp_path, variables))
    assert frame["x_1"].tolist() == [1, 3, 5, 7]
    assert frame["on"].tolist() == [True, False, True, True]
    assert frame["cue"].tolist() == ["left", "right", "", "left"]
    assert frame["rows"].tolist() == ["ab", "cd", "ef", "gh"]


def test_what_is_not_a_column_is_named_when_it_is_asked_for(tmp_path):
    variables = {
        "y": np.array([0, 1, 1]),
        "rate": 1000.0,
        "trial": {"x": np.arange(3), "name": "a"},
        "few": csc_array(np.eye(3)),
        "mixed": cells("a", np.arange(2), "b"),
    }
    frame = read_table(saved(tmp_path, variables))
    assert list(frame.columns) == ["y"]
    for name, message in {
        "rate": "it is a single value",
        "trial": r"it is a struct; save its fields as variables: save\('FILE.mat', '-struct', 'trial'\)",
        "few": "it is a sparse matrix",
        "mixed": "it is a cell array, but not one column of character vectors",
    }.items():
        with pytest.raises(TableError, match=f"'{name}' is not a column of the table: {message}"):
            decompose_table(frame, "y", [name])


def test_a_file_of_one_struct(tmp_path):
    with pytest.raises(TableError, match=r"has no column: data is a struct; save .*'-struct', 'data'"):
        read_table(saved(tmp_path, {"data": {"x": np.arange(3), "y": np.arange(3)}}))


def test_variables_of_different_lengths(tmp_path):
    with pytest.raises(TableError, match="same number of rows; x has 3, y has 4"):
        read_table(saved(tmp_path, {"x": np.arange(3), "y": np.arange(4)}))


def test_the_size_is_bounded_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(content, "MOST_BYTES", 2**20)
    path = saved(tmp_path, {"x": np.zeros(2**18)}, do_compression=True)
    assert path.stat().st_size < 2**14
    with pytest.raises(TableError, match="when unpacked"):
        read_table(path)


def test_damaged_files(tmp_path):
    path = saved(tmp_path, {"x": np.random.default_rng(0).normal(size=1000)}, do_compression=True)
    whole = path.read_bytes()
    path.write_bytes(whole[:4000])
    with pytest.raises(TableError, match="it is damaged: it ends too early"):
        read_table(path)
    path.write_bytes(whole[:136] + b"xx" + whole[138:])
    with pytest.raises(TableError, match=r"it is damaged: .*incorrect header check"):
        read_table(path)
    path.write_bytes(whole[:126] + b"??" + whole[128:])
    with pytest.raises(TableError, match="its header names no byte order"):
        read_table(path)
