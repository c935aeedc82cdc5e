"""The compiled code that numba keeps on disk, and when it is stale."""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any


def watch(function: Any, files: Iterable[str | Path]) -> None:
    """Have the code of `function` on disk count as stale when any of these files changes, not only its own."""
    try:
        # numba looks at the file that the function is in, and offers no way to name others.
        cache = function._cache._cache_file
        cache._source_stamp = (cache._source_stamp, *(sha256(Path(file).read_bytes()).hexdigest() for file in files))
    except (AttributeError, OSError):
        return  # a numba that works otherwise: this matters only to whoever edits or updates those files
