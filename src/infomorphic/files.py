"""Atomic file replacement. Readers see the old or the new content, never a part, even if the writer is killed."""

import errno
import os
import secrets
import shutil
from pathlib import Path

from infomorphic.errors import FileWriteError

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PARTIAL = ".partial"


def replace_file(path: Path, content: bytes, then: str = "try again") -> None:
    """Write a file atomically, creating its folder if necessary.

    A link keeps its target, the file keeps its permissions, and a device or a pipe is written directly.

    Args:
        path: the file.
        content: the new content.
        then: end of the error message: what to do after freeing space, such as a command that continues.

    Raises:
        FileWriteError: if the file cannot be written. Existing content is unchanged.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        target = Path(os.path.realpath(path))
        # A temporary name per process (and per host, on a shared disk), so that no process renames the file of another.
        temporary = target.with_name(f".{target.name[:50]}.{secrets.token_hex(6)}{_PARTIAL}")
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, temporary)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _explained(path, error, then) from error


def move_file(source: Path, path: Path, then: str = "try again") -> None:
    """Move a file to its place on the same disk atomically, creating the folder if necessary.

    Raises:
        FileWriteError: if the file cannot be moved. Existing content is unchanged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb+") as file:
            os.fsync(file.fileno())
        source.replace(path)
    except OSError as error:
        raise _explained(path, error, then) from error


def is_partial(path: Path) -> bool:
    """Whether this is a partial file left by a killed process."""
    return path.name.startswith(".") and path.name.endswith(_PARTIAL)


def _explained(path: Path, error: OSError, then: str) -> FileWriteError:
    before = "its old content is unchanged" if path.exists() else "no part of it is left"
    todo = "Free some space" if error.errno in _NO_SPACE else "Make the place writable"
    return FileWriteError(f"{path} cannot be written ({error.strerror or error}); {before}. {todo}, then {then}.")
