"""CIFAR-10 from its archive; a pickle can run no code."""

import hashlib
import io
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest
import torch

from infomorphic.data import load_dataset
from infomorphic.data.catalogue import cifar10
from infomorphic.data.inert_pickle import read_inert_pickle
from infomorphic.errors import DataError


class _PickledByPython2(pickle._Pickler):
    """Writes bytes as Python 2 wrote its strings, as in the published files."""

    def _save_bytes(self, value):
        self.write(pickle.BINSTRING + len(value).to_bytes(4, "little") + value)

    def _save_text(self, value):
        self._save_bytes(value.encode("latin1"))

    dispatch = pickle._Pickler.dispatch | {bytes: _save_bytes, str: _save_text}


def _python2(value) -> bytes:
    buffer = io.BytesIO()
    _PickledByPython2(buffer, protocol=2).dump(value)
    return buffer.getvalue().replace(b"numpy._core.", b"numpy.core.")


WRITERS = {"python 2": _python2} | {f"protocol {i}": lambda value, i=i: pickle.dumps(value, protocol=i) for i in range(6)}


def _batch(seed: int, num_images: int = 10) -> dict[bytes, object]:
    images = np.random.default_rng(seed).integers(0, 256, (num_images, 3072), dtype=np.uint8)
    return {b"batch_label": b"some", b"labels": [i % 10 for i in range(num_images)], b"data": images, b"filenames": [b"a.png"] * num_images}


def _put(folder: Path, write=_python2) -> Path:
    """A folder of small files, which from now on count as the published ones."""
    folder.mkdir(parents=True)
    for seed, name in enumerate(cifar10.TRAIN_FILES + cifar10.TEST_FILES):
        (folder / name).write_bytes(write(_batch(seed)))
        cifar10.FILE_MD5[name] = hashlib.md5((folder / name).read_bytes()).hexdigest()
    return folder


@pytest.fixture(autouse=True)
def hashes(monkeypatch):
    monkeypatch.setattr(cifar10, "FILE_MD5", dict(cifar10.FILE_MD5))


@pytest.mark.parametrize("writer", WRITERS)
def test_torchvisions_layout_is_read(tmp_path, writer):
    _put(tmp_path / "cifar-10-batches-py", WRITERS[writer])
    dataset = load_dataset("cifar10", tmp_path)
    assert (dataset.train_images.shape, dataset.train_images.dtype) == ((50, 3072), torch.uint8)
    assert (dataset.test_images.shape, dataset.image_shape) == ((10, 3072), (32, 32, 3))
    assert dataset.train_labels.tolist() == list(range(10)) * 5
    # The file has all red values first; the data set has the colors of a pixel side by side.
    red_green_blue = torch.from_numpy(_batch(3)[b"data"]).reshape(10, 3, 32, 32)
    assert torch.equal(dataset.train_images[30:40].reshape(10, 32, 32, 3), red_green_blue.permute(0, 2, 3, 1))


class _Malicious:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("hidden", [True, False])
def test_a_pickle_that_would_run_something_is_refused(tmp_path, protocol, hidden):
    marker = tmp_path / "it ran"
    poison = _Malicious(exec, f"open({str(marker)!r}, 'w').close()")
    path = tmp_path / "batch"
    path.write_bytes(pickle.dumps({b"data": [poison] if hidden else poison}, protocol=protocol))
    with pytest.raises(DataError, match=r"batch is refused: it is not plain data, because it asks to run (__builtin__|builtins)\.exec"):
        read_inert_pickle(path)
    assert not marker.exists()
    pickle.loads(path.read_bytes())
    assert marker.exists()  # an ordinary reader would have run it


@pytest.mark.parametrize(
    "name",
    [
        "os.system",
        "builtins.getattr",
        "numpy.load",
        "numpy.core.multiarray.scalar",
        "_codecs.decode",
        "numpy.dtype.__class__",
        "numpy.ndarray.tofile",
    ],
)
def test_only_the_parts_of_an_array_can_be_named(tmp_path, name):
    module, _, attribute = name.rpartition(".")
    if module.startswith("numpy.dtype") or module.startswith("numpy.ndarray"):
        module, attribute = "numpy", name.removeprefix("numpy.")
    path = tmp_path / "batch"
    names = b"".join(b"\x8c" + bytes([len(part)]) + part.encode() for part in (module, attribute))
    path.write_bytes(b"\x80\x04" + names + b"\x93.")
    with pytest.raises(DataError, match="it asks to run"):
        read_inert_pickle(path)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1, 2], "must hold a dictionary; it holds list"),
        ({b"data": np.array([None])}, "an array must hold integers"),
        ({b"data": np.array([1.5])}, "an array must hold integers; it holds type 'f8'"),
    ],
)
def test_other_content_is_refused(tmp_path, value, message):
    path = tmp_path / "batch"
    path.write_bytes(pickle.dumps(value, protocol=2))
    with pytest.raises(DataError, match=message):
        read_inert_pickle(path)


@pytest.mark.parametrize("content", [b"", b"<html>", b"\x80\x02}q\x00(X\x04", pickle.dumps(_batch(0))[:-2000]])
def test_a_damaged_pickle_is_refused(tmp_path, content):
    path = tmp_path / "batch"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"is not a readable pickle .* Delete it"):
        read_inert_pickle(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({b"data": np.zeros((10, 3071), np.uint8)}, r"`data` must be bytes of shape \(images, 3072\)"),
        ({b"data": np.zeros((10, 3072), np.int16)}, "`data` must be bytes"),
        ({b"data": [1]}, "`data` must be bytes"),
        ({b"labels": [0.5] * 10}, "`labels` must be integers"),
        ({b"labels": b"0"}, "`labels` must be integers"),
        ({b"labels": [0]}, "one label per image; it has 1 labels for 10 images"),
        ({b"labels": [10] * 10}, "training labels of cifar10 must be between 0 and 9; got 10 for image 10"),
    ],
)
def test_a_batch_of_another_kind_is_refused(tmp_path, change, message):
    folder = _put(tmp_path / "cifar-10-batches-py")
    content = _python2(_batch(1) | change)
    (folder / "data_batch_2").write_bytes(content)
    cifar10.FILE_MD5["data_batch_2"] = hashlib.md5(content).hexdigest()
    with pytest.raises(DataError, match=message):
        load_dataset("cifar10", tmp_path)


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A folder with an archive like the published one, whose hash is made the known one."""
    content = _put(tmp_path / "source" / "cifar-10-batches-py")
    (tmp_path / "mirror").mkdir()
    archive = tmp_path / "mirror" / cifar10.ARCHIVE
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(content, "cifar-10-batches-py")
    monkeypatch.setattr(cifar10, "MD5", hashlib.md5(archive.read_bytes()).hexdigest())
    return archive.parent


def test_the_archive_is_downloaded_and_unpacked_where_a_file_is_absent(tmp_path, mirror, serve, monkeypatch):
    (tmp_path / "wrong").mkdir()
    (tmp_path / "wrong" / cifar10.ARCHIVE).write_bytes(b"something else")
    wrong, right = serve(tmp_path / "wrong"), serve(mirror)
    monkeypatch.setattr(cifar10, "MIRRORS", (wrong.url, right.url))
    data = tmp_path / "data"
    first = load_dataset("cifar10", data)
    assert [path.name for path in data.iterdir()] == ["cifar-10-batches-py"]
    assert sorted(path.name for path in (data / "cifar-10-batches-py").iterdir()) == sorted(cifar10.TRAIN_FILES + cifar10.TEST_FILES)
    (data / "cifar-10-batches-py" / "data_batch_4").unlink()
    assert torch.equal(load_dataset("cifar10", data).train_images, first.train_images)
    load_dataset("cifar10", data)
    assert wrong.asked == right.asked == [cifar10.ARCHIVE] * 2


def test_without_a_mirror_the_place_for_the_files_is_told(tmp_path, serve, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(cifar10, "MIRRORS", (serve(tmp_path / "empty").url,))
    with pytest.raises(
        DataError, match=f"To install by hand, put the files data_batch_1, .*test_batch of {cifar10.ARCHIVE} into {tmp_path}"
    ):
        load_dataset("cifar10", tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_another_file_on_disk_is_refused(tmp_path):
    folder = _put(tmp_path / "cifar-10-batches-py")
    (folder / "data_batch_2").write_bytes(_python2(_batch(7)))
    with pytest.raises(DataError, match=r"data_batch_2 is not the published file: .* Delete it to download it again"):
        load_dataset("cifar10", tmp_path)


_EMPTY_DICT, _EMPTY_TUPLE, _INTO_TUPLE, _PUT_ITEM = b"\x80\x04}", b")", b"\x85", b"s."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (_EMPTY_DICT + _EMPTY_TUPLE + _INTO_TUPLE * 400_000 + b"K\x01" + _PUT_ITEM, "keys must be bytes or text; got tuple"),
        (_EMPTY_DICT + b"K\x01K\x01" + _PUT_ITEM, "keys must be bytes or text; got int"),
        (b"\x80\x04(" + _EMPTY_TUPLE + _INTO_TUPLE * 400_000 + b"K\x01d.", "keys must be bytes or text; got tuple"),
        (_EMPTY_DICT + b"(" + _EMPTY_TUPLE + _INTO_TUPLE * 400_000 + b"K\x01u.", "keys must be bytes or text; got tuple"),
        (b"\x80\x04\x8f(" + _EMPTY_TUPLE + _INTO_TUPLE * 400_000 + b"\x90.", "it has sets"),
        (b"\x80\x04(" + _EMPTY_TUPLE + _INTO_TUPLE * 400_000 + b"\x91.", "it has sets"),
        (b"\x80\x05\x96" + (2**40).to_bytes(8, "little") + b".", "not a readable pickle"),
        (b"\x80\x04\x8e" + (2**40).to_bytes(8, "little") + b".", "announces more than it has"),
        (b"\x80\x04\x95" + (2**50).to_bytes(8, "little") + b".", "announces more than it has"),
        (b"\x80\x02cnumpy\nndarray\n}b.", "changes something other than an array"),
        (b"\x80\x02}U\x01aL" + b"9" * 5000 + b"L\ns.", "not a readable pickle"),
    ],
)
def test_a_pickle_that_is_deep_or_huge_is_refused(tmp_path, content, message):
    path = tmp_path / "batch"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read_inert_pickle(path)
    assert len(str(caught.value)) < 1000


def test_a_large_place_in_the_memo_takes_no_memory(tmp_path):
    path = tmp_path / "batch"
    path.write_bytes(b"\x80\x04}r\xff\xff\xff\x7f.")
    assert read_inert_pickle(path) == {}


def test_deep_values_are_read_and_forgotten(tmp_path):
    path = tmp_path / "batch"
    path.write_bytes(b"\x80\x04}U\x01a" + _EMPTY_TUPLE + _INTO_TUPLE * 400_000 + _PUT_ITEM)
    assert list(read_inert_pickle(path)) == ["a"]


def test_labels_that_torch_has_no_integers_for_are_refused(tmp_path):
    folder = _put(tmp_path / "cifar-10-batches-py")
    content = _python2(_batch(1) | {b"labels": [2**70] * 10})
    (folder / "data_batch_2").write_bytes(content)
    cifar10.FILE_MD5["data_batch_2"] = hashlib.md5(content).hexdigest()
    with pytest.raises(DataError, match="`labels` must be from 0 to 9"):
        load_dataset("cifar10", tmp_path)
