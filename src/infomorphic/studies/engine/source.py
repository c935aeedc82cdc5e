"""Which code this is: results of different code are never mixed unless someone asks for it."""

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import infomorphic

# What only shows results cannot change them.
_NO_INFLUENCE = {"cli", "plots", "reports"}


class Source(NamedTuple):
    """Version, commit and checksum of the installed code."""

    version: str
    commit: str | None
    """The commit of a source checkout; None for an installed package."""
    checksum: str
    """Of every file of the package that a result can depend on; equal checksums, equal code."""


@cache
def this_source() -> Source:
    """The code of this process, as it is on disk when this is first called."""
    from infomorphic.training.run import environment_of_process

    root = Path(infomorphic.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".py", ".json", ".csv")):
        parts = path.relative_to(root).parts
        if parts[0] not in _NO_INFLUENCE and not (parts[0] == "studies" and parts[1] in ("reproductions", "published")):
            digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return Source(infomorphic.__version__, environment_of_process()["commit"], digest.hexdigest()[:16])
