"""Files that are replaced whole: whoever reads one, or is killed while writing it, finds the old content or the new, never a part."""

import errno
import os
import secrets
import shutil
from pathlib import Path

from infomorphic.errors import FileWriteError

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PARTIAL = ".partial"


def replace_file(path: Path, content: bytes, then: str = "try again") -> None:
    """Write a file in one step, making its folder if there is none.

    A link keeps pointing to the file that it names, the file keeps its permissions, and a device or a pipe is written to as it is.

    Args:
        path: the file.
        content: what it holds afterwards.
        then: for the message, what to do once there is space: the end of a sentence, such as a command that goes on.

    Raises:
        FileWriteError: if the file cannot be written. What was there before is unchanged.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        target = Path(os.path.realpath(path))
        # A name of its own for each process (and each host, on a shared disk): nobody renames what another is writing.
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
    """Put a file that was written elsewhere on the same disk in its place in one step, making the folder if there is none.

    Raises:
        FileWriteError: if that is not possible. What was there before is unchanged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb+") as file:
            os.fsync(file.fileno())
        source.replace(path)
    except OSError as error:
        raise _explained(path, error, then) from error


def is_partial(path: Path) -> bool:
    """Whether this is what a kill has left of a file that was being written."""
    return path.name.startswith(".") and path.name.endswith(_PARTIAL)


def _explained(path: Path, error: OSError, then: str) -> FileWriteError:
    before = "its old content is unchanged" if path.exists() else "no part of it is left"
    todo = "Free some space" if error.errno in _NO_SPACE else "Make the place writable"
    return FileWriteError(f"{path} cannot be written ({error.strerror or error}); {before}. {todo}, then {then}.")
