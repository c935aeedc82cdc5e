"""Identify the running code: results of different code are mixed only on request."""

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import infomorphic

# Packages that only display results cannot change them.
_NO_INFLUENCE = {"cli", "plots", "reports"}


class Source(NamedTuple):
    """Version, commit and checksum of the installed code."""

    version: str
    commit: str | None
    """The commit of a source checkout; None for an installed package."""
    checksum: str
    """Checksum of every file of the package that results can depend on; equal checksums mean equal code."""


@cache
def this_source() -> Source:
    """The code of this process, as on disk at the first call."""
    from infomorphic.training.run import environment_of_process

    root = Path(infomorphic.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".json", ".csv")):
        parts = path.relative_to(root).parts
        if parts[0] not in _NO_INFLUENCE and not (parts[0] == "studies" and parts[1] in ("reproductions", "published")):
            digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return Source(infomorphic.__version__, environment_of_process()["commit"], digest.hexdigest()[:16])
