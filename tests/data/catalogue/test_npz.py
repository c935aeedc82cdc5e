"""Data sets of arrays in a NumPy file."""

import io
import zipfile

import numpy as np
import pytest
import torch

from infomorphic import limits
from infomorphic.data import load_dataset
from infomorphic.errors import DataError


@pytest.fixture
def save(tmp_path):
    """Write arrays to a file and return what to ask for."""

    def write(**arrays) -> str:
        np.savez(tmp_path / "data.npz", **arrays)
        return f"npz:{tmp_path / 'data.npz'}"

    return write


def _four(**changes) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    arrays = {
        "x_train": rng.normal(size=(6, 2, 3)),
        "y_train": np.arange(6) % 3,
        "x_test": rng.normal(size=(3, 2, 3)),
        "y_test": np.arange(3),
    }
    return arrays | changes


def test_four_arrays(save):
    arrays = _four()
    dataset = load_dataset(save(**arrays))
    assert (dataset.image_shape, dataset.class_names) == ((2, 3), ("0", "1", "2"))
    assert torch.equal(dataset.train_images, torch.from_numpy(arrays["x_train"].reshape(6, 6)).float())
    assert dataset.test_labels.tolist() == [0, 1, 2]


def test_two_arrays_are_split_in_a_fixed_way(save):
    spec = save(x=np.arange(40, dtype=np.uint8).reshape(20, 2), y=np.repeat([0, 1], 10).astype(np.uint8)[:, None])
    dataset, again = load_dataset(spec), load_dataset(spec)
    assert (dataset.image_shape, dataset.train_images.dtype) == (None, torch.uint8)
    assert torch.bincount(dataset.test_labels).tolist() == [2, 2]
    assert torch.equal(dataset.test_images, again.test_images)
    assert sorted(torch.cat([dataset.train_images, dataset.test_images])[:, 0].tolist()) == list(range(0, 40, 2))


@pytest.mark.parametrize(
    ("shape", "image_shape"),
    [((4, 5, 1), (4, 5)), ((1, 4, 5), (4, 5)), ((4, 5, 3), (4, 5, 3)), ((3, 4, 5), (4, 5, 3)), ((3, 4, 3), (3, 4, 3))],
)
def test_channels_may_be_last_or_first(save, shape, image_shape):
    x = np.random.default_rng(0).integers(0, 256, (10, *shape), dtype=np.uint8)
    dataset = load_dataset(save(x_train=x, y_train=np.arange(10) % 2, x_test=x, y_test=np.arange(10) % 2))
    assert dataset.image_shape == image_shape
    if shape[0] in (1, 3) and shape[-1] == 5:
        x = np.moveaxis(x, 1, -1)
    assert torch.equal(dataset.train_images, torch.from_numpy(x.reshape(10, -1).copy()))


@pytest.mark.parametrize(("dtype", "expected"), [(bool, torch.uint8), (np.int64, torch.float32), (np.float16, torch.float32)])
def test_other_numbers_are_converted(save, dtype, expected):
    x = np.array([[0, 1], [1, 0], [1, 1], [0, 0]]).astype(dtype)
    dataset = load_dataset(save(x=x, y=np.array([0, 0, 1, 1])))
    assert dataset.train_images.dtype == expected
    assert torch.cat([dataset.train_images, dataset.test_images]).sum() == 4


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (_four(y_train=np.arange(6) / 2), "y_train of .* must hold integers, 0 for the first class; got type float64"),
        (_four(y_test=np.array(["a", "b", "c"])), "y_test of .* must hold integers"),
        (_four(y_train=np.arange(5) % 3), r"y_train of .* one label per image; got shape \(5,\) for 6 images of x_train"),
        (_four(y_train=np.eye(6, dtype=int)), r"one label per image; got shape \(6, 6\)"),
        (_four(y_train=np.array([0, 1, 3, 0, 1, 3])), "label 2 has none, and label 3 has"),
        (_four(y_train=np.array([0, 1, 2, 0, 1, 10**9])), "label 3 has none, and label 1000000000 has"),
        (_four(y_train=np.array([0, 1, -1, 0, 1, 2])), "labels of .* must be 0, 1, … for the classes; got -1"),
        (_four(y_test=np.array([0, 1, 7])), "test labels of .* must be between 0 and 2; got 7 for image 2"),
        (_four(x_test=np.zeros((3, 3, 2))), r"images of the same size; got shapes \(6, 2, 3\) and \(3, 3, 2\)"),
        (_four(x_test=np.zeros((3, 4))), "images of the same size"),
        (_four(x_train=np.zeros((6, 2, 3), np.uint8)), "must have the same type; got uint8 and float32"),
        (_four(x_train=np.zeros((0, 2, 3)), y_train=np.zeros(0, int)), "x_train of .* must not be empty"),
        (_four(x_train=np.zeros((6, 2, 3), complex)), "x_train of .* must hold real numbers; got type complex128"),
        (_four(x_train=np.zeros(6)), r"x_train of .* must have shape .* got \(6,\)"),
        (_four(x_train=np.zeros((6, 2, 2, 2))), "must have shape"),
        (_four(x_train=np.full((6, 2, 3), np.nan)), "must be finite; training image 0 has nan at feature 0"),
        (_four(x_test=np.full((3, 2, 3), 1e300)), "must be finite; test image 0 has inf"),
        ({"x": np.zeros((2, 2)), "y": np.arange(2)}, "some class must have at least two images .* every class has one"),
        ({"x": np.zeros((4, 2)), "labels": np.arange(4)}, "must have arrays x_train, .* or x and y; it has x, labels"),
        ({}, "it has none"),
        ({"x": np.array([[None]]), "y": np.array([0])}, "cannot be read as arrays of numbers: Object arrays cannot be loaded"),
    ],
)
def test_bad_arrays_are_refused(save, arrays, message):
    with pytest.raises(DataError, match=message):
        load_dataset(save(**arrays))


def test_bad_files_are_refused(tmp_path):
    with pytest.raises(DataError, match="there is no file"):
        load_dataset(f"npz:{tmp_path / 'absent.npz'}")
    with pytest.raises(DataError, match="is not a file"):
        load_dataset(f"npz:{tmp_path}")
    path = tmp_path / "one.npy"
    np.save(path, np.zeros(3))
    with pytest.raises(DataError, match=r"is not a NumPy file of several arrays\. Make one with np\.savez"):
        load_dataset(f"npz:{path}")
    path = tmp_path / "damaged.npz"
    np.savez(path, **_four())
    content = bytearray(path.read_bytes())
    content[150:160] = b"0123456789"
    path.write_bytes(content)
    with pytest.raises(DataError, match="cannot be read as arrays of numbers"):
        load_dataset(f"npz:{path}")


def _zip(path, **members) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return f"npz:{path}"


def _npy(header: str, content: bytes = b"") -> bytes:
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + content


@pytest.mark.parametrize(
    "content",
    [
        b"no array",
        b"",
        _npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 1000), }"),
        _npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4, 2), }", bytes(8)),
        _npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-4, 2), }"),
        _npy("{'descr': '|O', 'fortran_order': False, 'shape': (4, 2), }", b"\x80\x04N."),
        _npy("(" * 5000),
        _npy("[" * 150 + "]" * 150),
        _npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (4,), }", bytes(32)),
        _npy("{'descr': 5, 'fortran_order': False, 'shape': (4,), }"),
    ],
)
def test_members_that_are_no_arrays_of_numbers_are_refused(tmp_path, content):
    labels = io.BytesIO()
    np.save(labels, np.arange(4) % 2)
    spec = _zip(tmp_path / "data.npz", x=content, y=labels.getvalue())
    with pytest.raises(DataError, match=r"cannot be read as arrays of numbers|must hold real numbers") as caught:
        load_dataset(spec)
    assert len(str(caught.value)) < 1000


def test_a_file_that_unpacks_to_more_than_the_memory_is_refused_unread(tmp_path, save, monkeypatch):
    spec = save(x=np.zeros((4, 2)), y=np.arange(4) % 2)
    monkeypatch.setattr(limits, "memory_bytes", lambda: 100.0)
    with pytest.raises(DataError, match=r"the arrays of .*data\.npz must fit into memory"):
        load_dataset(spec)


def test_labels_beyond_all_integers_are_not_negative_ones(save):
    with pytest.raises(DataError, match=r"must number the classes .* got 18446744073709551615"):
        load_dataset(save(x=np.eye(4), y=np.array([0, 1, 0, 2**64 - 1], dtype=np.uint64)))


def test_columns_first_are_the_same_images(save):
    images = np.arange(24.0).reshape(4, 2, 3)
    first = load_dataset(save(x=images, y=np.arange(4) % 2)).train_images
    second = load_dataset(save(x=np.asfortranarray(images), y=np.arange(4) % 2)).train_images
    assert torch.equal(first, second)
