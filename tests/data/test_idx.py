"""IDX files: read, download, and refuse damaged ones."""

import contextlib
import gzip
import hashlib
import os
import tempfile
import time
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest
import torch

from infomorphic.data import download, load_dataset
from infomorphic.data.catalogue import fashion_mnist, mnist
from infomorphic.data.idx import read_idx
from infomorphic.errors import DataError


def _put(folder: Path, files: dict[str, bytes], compressed: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / (f"{name}.gz" if compressed else name)).write_bytes(gzip.compress(content) if compressed else content)
    return folder


@pytest.fixture
def mirror(tmp_path, idx_files, monkeypatch):
    """A folder with the four files, whose hashes are those that MNIST must have."""
    folder = _put(tmp_path / "mirror", idx_files)
    hashes = {name: hashlib.md5((folder / f"{name}.gz").read_bytes()).hexdigest() for name in idx_files}
    monkeypatch.setattr(mnist, "MD5", hashes)
    return folder


@pytest.fixture(autouse=True)
def published(idx_files, monkeypatch):
    """The small files count as the published ones."""
    hashes = {name: hashlib.md5(content).hexdigest() for name, content in idx_files.items()}
    for module in (mnist, fashion_mnist):
        monkeypatch.setattr(module, "CONTENT_MD5", hashes)


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize(("spec", "folder"), [("mnist", "MNIST"), ("fashion-mnist", "FashionMNIST")])
def test_torchvisions_layout_is_read(tmp_path, idx_files, spec, folder, compressed):
    _put(tmp_path / folder / "raw", idx_files, compressed)
    dataset = load_dataset(spec, tmp_path)
    expected = np.frombuffer(idx_files["train-images-idx3-ubyte"][16:], np.uint8).reshape(20, 20)
    assert torch.equal(dataset.train_images, torch.from_numpy(expected.copy()))
    assert dataset.train_labels.tolist() == list(range(10)) * 2
    assert (dataset.name, dataset.image_shape, dataset.test_images.shape) == (spec, (5, 4), (10, 20))


def test_the_real_mnist(mnist_dir, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("INFOMORPHIC_DATA", str(mnist_dir))
    dataset = load_dataset("mnist")
    assert (dataset.train_images.shape, dataset.test_images.shape) == ((60000, 784), (10000, 784))
    assert torch.bincount(dataset.train_labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    # The mean that everybody scales MNIST with.
    assert round(float(dataset.train_images.float().mean()) / 255, 4) == 0.1307


def test_fashion_mnist_has_a_name_for_each_class():
    assert len(fashion_mnist.CLASS_NAMES) == 10


def test_absent_files_are_downloaded_once(tmp_path, mirror, serve, monkeypatch):
    server = serve(mirror)
    monkeypatch.setattr(mnist, "MIRRORS", (server.url,))
    data = tmp_path / "new" / "data"
    raw = data / "MNIST" / "raw"
    first = load_dataset("mnist", data)
    assert sorted(server.asked) == sorted(path.name for path in raw.iterdir()) == sorted(f"{name}.gz" for name in mnist.MD5)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["data"]
    assert torch.equal(load_dataset("mnist", data).train_images, first.train_images)
    assert len(server.asked) == 4
    (raw / "t10k-labels-idx1-ubyte.gz").unlink()
    load_dataset("mnist", data)
    assert server.asked[4:] == ["t10k-labels-idx1-ubyte.gz"]


def test_a_mirror_with_other_content_is_passed_over(tmp_path, idx_files, mirror, serve, monkeypatch):
    wrong = serve(_put(tmp_path / "wrong", {name: content[:-1] + b"\x01" for name, content in idx_files.items()}))
    right = serve(mirror)
    monkeypatch.setattr(mnist, "MIRRORS", (wrong.url, "http://127.0.0.1:9/", right.url))
    load_dataset("mnist", tmp_path / "data")
    assert len(wrong.asked) == len(right.asked) == 4


class _BreaksOff(SimpleHTTPRequestHandler):
    """Promises more than it sends."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        self.wfile.write(b"x" * 5000)


def test_what_is_left_of_a_download_that_fails_is_nothing(tmp_path, mirror, serve, monkeypatch):
    (tmp_path / "empty").mkdir()
    absent, broken = serve(tmp_path / "empty").url, serve(mirror, _BreaksOff).url
    monkeypatch.setattr(mnist, "MIRRORS", (absent, broken, "http://127.0.0.1:9/"))
    (tmp_path / "data").mkdir()
    with pytest.raises(DataError) as caught:
        load_dataset("mnist", tmp_path / "data")
    file, raw = "train-images-idx3-ubyte.gz", tmp_path / "data" / "MNIST" / "raw"
    assert str(caught.value) == (
        f"{file} could not be downloaded: {absent}{file} answered 404; the connection to {broken}{file} broke off; "
        f"http://127.0.0.1:9/{file} cannot be reached. To install by hand, put the files train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, "
        f"t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz into {raw}."
    )
    assert list((tmp_path / "data").iterdir()) == []


class _Endless(SimpleHTTPRequestHandler):
    """Sends without an end, and does not say how much."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(b"x" * 50_000)


class _Boasts(SimpleHTTPRequestHandler):
    """Says that it has very much."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(10**12))
        self.end_headers()


class _Trickles(SimpleHTTPRequestHandler):
    """Sends a byte now and then, so that it is never silent."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(b"x")
                time.sleep(0.05)


class _Silent(SimpleHTTPRequestHandler):
    """Takes the question and does not answer."""

    def do_GET(self):
        time.sleep(2)


class _Redirects(SimpleHTTPRequestHandler):
    """Leads to another file."""

    def do_GET(self):
        if self.path != "/other":
            self.send_response(302)
            self.send_header("Location", "/other")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>sign in</html>")


class _GoesRound(SimpleHTTPRequestHandler):
    """Leads to itself."""

    def do_GET(self):
        self.send_response(302)
        self.send_header("Location", self.path)
        self.end_headers()


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (_Endless, "sends more than the maximum of 100000 bytes"),
        (_Boasts, "has 1000000000000 bytes, more than the maximum of 100000"),
        (_Trickles, "sent only [0-9]+ bytes in"),
        (_Silent, "did not answer for"),
        (_Redirects, "has unexpected content"),
        (_GoesRound, "cannot be reached"),
    ],
)
def test_a_server_that_does_anything_else_is_left(tmp_path, mirror, serve, monkeypatch, handler, message):
    monkeypatch.setattr("infomorphic.data.idx.MOST_BYTES", 100_000)
    monkeypatch.setattr(download, "TIMEOUT_SECONDS", 0.5)
    monkeypatch.setattr(mnist, "MIRRORS", (serve(mirror, handler).url,))
    (tmp_path / "data").mkdir()
    with pytest.raises(DataError, match=message):
        load_dataset("mnist", tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == []


def test_what_a_killed_download_has_left_is_removed_after_a_day(tmp_path, mirror, serve, monkeypatch):
    monkeypatch.setattr(mnist, "MIRRORS", (serve(mirror).url,))
    data = tmp_path / "data"
    old, new = data / ".infomorphic-download-old", data / ".infomorphic-download-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "part").touch()
    for path in (old / "part", old):
        os.utime(path, (0, 0))
    load_dataset("mnist", data)
    assert (old.exists(), new.exists()) == (False, True)


@pytest.mark.parametrize("compressed", [True, False])
def test_another_file_on_disk_is_refused(tmp_path, idx_files, compressed):
    other = {**idx_files, "t10k-labels-idx1-ubyte": idx_files["t10k-labels-idx1-ubyte"][:-1] + b"\x01"}
    raw = _put(tmp_path / "MNIST" / "raw", other, compressed)
    before = {p.name: p.read_bytes() for p in raw.iterdir()}
    with pytest.raises(DataError, match=r"t10k-labels-idx1-ubyte(\.gz)? is not the published file: .* Delete it to download it again"):
        load_dataset("mnist", tmp_path)
    assert {p.name: p.read_bytes() for p in raw.iterdir()} == before


def test_the_published_content_is_taken_however_it_was_compressed(tmp_path, idx_files):
    raw = _put(tmp_path / "MNIST" / "raw", idx_files)
    for name, content in idx_files.items():
        (raw / f"{name}.gz").write_bytes(gzip.compress(content, compresslevel=1, mtime=1))
    raw.chmod(0o500)
    assert load_dataset("mnist", tmp_path).train_images.shape == (20, 20)


def test_an_interrupted_download_leaves_nothing(tmp_path, mirror, serve, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(mnist, "MIRRORS", (serve(mirror).url,))
    monkeypatch.setattr(download.ProgressBar, "update", interrupt)
    (tmp_path / "data").mkdir()
    with pytest.raises(KeyboardInterrupt):
        load_dataset("mnist", tmp_path / "data")
    assert list((tmp_path / "data").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_to_be_one(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(DataError, match=r"is not in .* and cannot be written there \(Permission denied: .*`data_dir` or the environment"):
        load_dataset("mnist", tmp_path)


def test_a_file_is_no_folder_of_data(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot be written there"):
        load_dataset("mnist", tmp_path / "file")


@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("damage", ["cut", "longer", "other axes", "empty", "text"])
def test_a_damaged_file_is_refused(tmp_path, idx_bytes, damage, compressed):
    whole = idx_bytes(np.zeros((3, 2, 2)))
    content = {
        "cut": whole[:-1],
        "longer": whole + b"\0",
        "other axes": idx_bytes(np.zeros(3)),
        "empty": b"",
        "text": b"<html>not found</html>",
    }[damage]
    path = _put(tmp_path, {"file": content}, compressed) / ("file.gz" if compressed else "file")
    with pytest.raises(DataError, match="Delete it to download it again"):
        read_idx(path, 3)


def test_a_damaged_compression_is_refused(tmp_path, idx_bytes):
    content = gzip.compress(idx_bytes(np.zeros((3, 2, 2))))
    for i, damaged in enumerate((content[:-5], content[:12] + b"\xff\xff" + content[14:], b"no gzip")):
        path = tmp_path / f"{i}.gz"
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=r"cannot be read .* Delete it"):
            read_idx(path, 3)


def test_no_images_are_none(tmp_path, idx_files, idx_bytes, monkeypatch):
    empty = idx_files | {"train-images-idx3-ubyte": idx_bytes(np.zeros((0, 5, 4))), "train-labels-idx1-ubyte": idx_bytes(np.zeros(0))}
    _put(tmp_path / "MNIST" / "raw", empty)
    monkeypatch.setattr(mnist, "CONTENT_MD5", {name: hashlib.md5(content).hexdigest() for name, content in empty.items()})
    with pytest.raises(DataError, match="mnist must have training images; it has none"):
        load_dataset("mnist", tmp_path)


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_no_more_is_read_than_is_announced(tmp_path, suffix):
    def write(content: bytes) -> Path:
        path = tmp_path / f"images{suffix}"
        path.write_bytes(gzip.compress(content) if suffix else content)
        return path

    header = bytes([0, 0, 8, 1, 0, 0, 0, 2])
    assert read_idx(write(header + b"ab"), 1).tolist() == [97, 98]
    for content in (header + b"a", header + b"abc", header + bytes(10**7), header[:6], b""):
        with pytest.raises(DataError, match="is not a complete IDX file"):
            read_idx(write(content), 1)
    with pytest.raises(DataError, match=r"must fit into memory|is not a complete IDX file"):
        read_idx(write(bytes([0, 0, 8, 3]) + b"\xff" * 12 + b"ab"), 3)
