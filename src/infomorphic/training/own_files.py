"""User files that settings name as `FILE.py:NAME`: runs and studies store their checksums."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from infomorphic import plugins
from infomorphic.errors import RunError
from infomorphic.training.config import TrainConfig


def checksums(settings: Any) -> dict[str, str]:
    """The SHA-256 of every file that settings name, by path; empty if everything is built in or installed.

    Args:
        settings: a configuration, or mappings and sequences with text in them.
    """
    values = settings.model_dump(mode="json") if isinstance(settings, TrainConfig) else settings
    references = [reference for text in _texts(values) for reference in plugins.references_in(text)]
    return {str(plugins.file_of(reference)): plugins.checksum(reference) for reference in references}


def changed_files(settings: Any, recorded: Any) -> list[str]:
    """The files that are not what they were when `recorded`, an earlier result of `checksums`, was made."""
    if not isinstance(recorded, Mapping):
        return []
    return [file for file, found in checksums(settings).items() if recorded.get(file, found) != found]


def check_unchanged(config: TrainConfig, recorded: Any, run: str) -> None:
    """Raise `RunError` if a file has changed since the run was made: continuing would give another result."""
    for file in changed_files(config, recorded):
        raise RunError(
            f"{file} has changed since {run} was made, so the run cannot be continued to the same result. "
            "Restore the file, or train again under another name."
        )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(value.values())
    elif isinstance(value, Iterable):
        for part in value:
            yield from _texts(part)
