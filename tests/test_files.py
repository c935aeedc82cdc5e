"""Atomic replacement of files, also when it fails or is killed."""

import os
import resource
import subprocess
import sys

import pytest

from infomorphic.errors import FileWriteError, InfomorphicError
from infomorphic.files import is_partial, move_file, replace_file

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of 64 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = AS_ROOT and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True).returncode == 0
    if not mounted:
        pytest.skip("this user may not mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "new" / "file.csv"
    replace_file(path, b"one")
    assert path.read_bytes() == b"one"
    replace_file(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_permissions_links_and_devices_stay_what_they_are(tmp_path):
    path, link = tmp_path / "file", tmp_path / "link"
    path.write_bytes(b"one")
    path.chmod(0o600)
    link.symlink_to(path)
    replace_file(link, b"two")
    assert link.is_symlink()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o600)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    replace_file(pipe, b"three")
    assert os.read(reader, 10) == b"three"
    os.close(reader)
    assert pipe.is_fifo()


def test_a_long_name_is_no_hindrance(tmp_path):
    path = tmp_path / ("ä" * 120)
    replace_file(path, b"x")
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_keeps_the_old_file_and_names_it(small_disk):
    path = small_disk / "table.csv"
    replace_file(path, b"old")
    with pytest.raises(
        FileWriteError,
        match=r"table\.csv cannot be written \(No space left on device\); its old content is unchanged\. Free some space, then export again\.",
    ):
        replace_file(path, bytes(10**6), "export again")
    assert path.read_bytes() == b"old"
    with pytest.raises(FileWriteError, match="no part of it is left"):
        replace_file(small_disk / "other", bytes(10**6))
    assert list(small_disk.iterdir()) == [path]
    assert issubclass(FileWriteError, InfomorphicError)
    assert issubclass(FileWriteError, OSError)


def test_a_limit_on_the_size_of_files_is_a_full_disk(tmp_path):
    code = (
        "import sys, resource; from pathlib import Path; from infomorphic.files import replace_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: replace_file(Path(sys.argv[1]), bytes(5000))\n"
        "except OSError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "file")], capture_output=True, text=True, check=True)
    assert "file cannot be written (File too large); no part of it is left. Free some space, then try again." in done.stdout
    assert list(tmp_path.iterdir()) == []
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000


def test_a_place_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(FileWriteError, match=r"x cannot be written \((Not a directory|File exists)\)"):
        replace_file(tmp_path / "file" / "x", b"")
    with pytest.raises(FileWriteError, match="Is a directory"):
        replace_file(tmp_path, b"")
    with pytest.raises(FileWriteError, match="No such file"):
        move_file(tmp_path / "none", tmp_path / "y")


def test_a_file_is_moved(tmp_path):
    (tmp_path / "a").write_bytes(b"a")
    move_file(tmp_path / "a", tmp_path / "folder" / "b")
    assert (tmp_path / "folder" / "b").read_bytes() == b"a"
    assert not (tmp_path / "a").exists()


def test_a_kill_leaves_a_partial_file_and_the_old_one(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    code = (
        "import os, sys; from pathlib import Path; from infomorphic.files import replace_file\n"
        "os.fsync = lambda descriptor: os.kill(os.getpid(), 9)\n"
        "replace_file(Path(sys.argv[1]), b'new')\n"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)]).returncode == -9
    assert path.read_bytes() == b"old"
    left = [p for p in tmp_path.iterdir() if p != path]
    assert len(left) == 1
    assert is_partial(left[0])
    assert not is_partial(path)
