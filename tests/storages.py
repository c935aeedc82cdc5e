"""Fixtures for the storages of studies: a folder in memory and a PostgreSQL server."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest


@pytest.fixture
def memory_path():
    """A folder in memory, if there is such a place: every commit waits for the disk, and there are many commits here."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        yield Path(folder)


BINARIES = next((p for p in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True) if (p / "initdb").is_file()), None)


@pytest.fixture(scope="session")
def postgresql():
    """The address of a PostgreSQL server that runs for these tests alone."""
    pytest.importorskip("psycopg", reason="the driver psycopg is not installed")
    initdb = shutil.which("initdb") or (str(BINARIES / "initdb") if BINARIES else None)
    if initdb is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    # A server refuses to run as root.
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    folder.chmod(0o700)
    if user:
        shutil.chown(folder, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = None
    try:
        flags = ["-D", folder / "data", "-U", "tester", "--auth=trust", "--no-sync"]
        subprocess.run([initdb, *map(str, flags)], user=user, check=True, capture_output=True, cwd="/")
        program = Path(initdb).with_name("postgres")
        options = ["-D", folder / "data", "-p", port, "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen([program, *map(str, options)], user=user, stdout=log, stderr=log, cwd="/")
        address = f"postgresql://tester@127.0.0.1:{port}/postgres"
        _wait_for(address, server, folder / "log")
        yield address
    finally:
        if server is not None:
            server.terminate()
            server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(address, server, log):
    import psycopg

    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(address, connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
