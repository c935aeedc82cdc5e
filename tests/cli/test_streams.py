"""Real processes with terminals and pipes of every kind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TABLE = "rate [/s],b,y\n" + "0,0,0\n0,1,1\n1,0,1\n1,1,0\n" * 20
DECOMPOSE = ["pid", "table.csv", "--target", "y", "--sources", "rate [/s],b"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def infomorphic(folder, *arguments, **environment):
    command = [sys.executable, "-m", "infomorphic", *arguments]
    return subprocess.run(command, cwd=folder, env={**os.environ, **environment}, capture_output=True, check=False)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize("command", [DECOMPOSE, ["goals", "trivariate/four-atoms"]], ids=lambda c: c[0])
def test_every_encoding_can_be_written(folder, encoding, command):
    done = infomorphic(folder, *command, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode(encoding)


def test_a_locale_without_utf_8(folder):
    done = infomorphic(folder, *DECOMPOSE, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"redundancy I&" in done.stdout


def test_json_is_json_in_every_encoding(folder):
    (folder / "table.csv").write_text(TABLE.replace("rate", "Größe ↑"), encoding="utf-8")
    done = infomorphic(folder, *[a.replace("rate", "Größe ↑") for a in DECOMPOSE], "--json", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert json.loads(done.stdout.decode("latin-1"))["sources"] == ["Größe ↑ [/s]", "b"]


def test_a_name_that_is_not_unicode_is_an_error_in_a_sentence(folder):
    done = infomorphic(folder, "pid", os.fsdecode(b"gr\xf6\xdfe.csv"), "--target", "y", "--sources", "b")
    assert done.returncode == 1
    assert done.stderr == rb"error: there is no file gr\udcf6\udcdfe.csv." + b"\n"


@pytest.mark.parametrize("command", [DECOMPOSE, [*DECOMPOSE, "--json"], ["study", "--help"]], ids=" ".join)
def test_a_reader_that_goes_away_is_no_failure_to_tell(folder, command):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-m", "infomorphic", *command], cwd=folder, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_once(folder):
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "infomorphic", "goals"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "error: [Errno 28] No space left on device\n")


def test_a_closed_output(folder):
    command = f'"{sys.executable}" -m infomorphic goals >&-'
    done = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_pictures_need_no_backend_of_a_notebook(folder):
    done = infomorphic(folder, *DECOMPOSE, "--plot", "picture.png", MPLBACKEND="module://a_backend_that_is_not_installed")
    assert (done.returncode, done.stderr) == (0, b"")
    assert (folder / "picture.png").read_bytes().startswith(b"\x89PNG")
