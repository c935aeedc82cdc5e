"""One process at a time trains in a run directory. The lock belongs to the process and ends with it, however it ends."""

import errno
import fcntl
import os
import shlex
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infomorphic.errors import FileWriteError, InfomorphicWarning, RunError

LOCK = ".lock"
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.EBADF}


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, which is created if missing.

    On a file system without locks, nothing is locked, and an `InfomorphicWarning` is raised.

    Raises:
        RunError: if another process holds it.
        FileWriteError: if the folder cannot be made or written to.
    """
    path = folder / LOCK
    descriptor = _acquired(path)
    try:
        yield
    finally:
        # The file is removed while locked. A process that opened it earlier finds another file, or none, under its name and retries.
        path.unlink(missing_ok=True)
        os.close(descriptor)


def is_locked(folder: Path) -> bool:
    """Whether a process holds the lock of a folder. The check changes nothing."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def _acquired(path: Path) -> int:
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise FileWriteError(f"{path.parent} cannot be written to ({error.strerror or error}); nothing was changed.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            run = path.parent
            raise RunError(
                f"another process is training {run}; wait until it has ended, or stop it. "
                f"A report can be made meanwhile: infomorphic report {shlex.quote(str(run))}"
            ) from error
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                os.close(descriptor)
                raise
            warnings.warn(
                InfomorphicWarning(
                    f"the file system of {path.parent} has no locks ({error.strerror}); make sure that no other process trains this run."
                ),
                stacklevel=4,
            )
            return descriptor
        if _is_still(path, descriptor):
            return descriptor
        os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    """Whether the open file is still the one under this name: its last owner may have removed it."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(descriptor)
    return (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino)
