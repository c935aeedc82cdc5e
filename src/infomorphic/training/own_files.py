"""User files that a configuration names as `FILE.py:NAME`: a run stores their checksums."""

from collections.abc import Iterator, Mapping
from typing import Any

from infomorphic import plugins
from infomorphic.errors import RunError
from infomorphic.training.config import TrainConfig


def checksums(config: TrainConfig) -> dict[str, str]:
    """The SHA-256 of every file that the configuration names, by path; empty if everything is built in or installed."""
    references = [text for text in _texts(config.model_dump(mode="json")) if plugins.is_reference(text)]
    return {str(plugins.file_of(reference)): plugins.checksum(reference) for reference in references}


def check_unchanged(config: TrainConfig, recorded: Any, run: str) -> None:
    """Raise `RunError` if a file has changed since the run was made: continuing would give another result."""
    if not isinstance(recorded, Mapping):
        return
    for file, found in checksums(config).items():
        if recorded.get(file, found) != found:
            raise RunError(
                f"{file} has changed since {run} was made, so the run cannot be continued to the same result. "
                "Restore the file, or train again under another name."
            )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
