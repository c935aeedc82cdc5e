"""Download files from the first mirror that has the published content, and install them atomically."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from infomorphic.data.progress import ProgressBar
from infomorphic.errors import DataError
from infomorphic.files import move_file

TIMEOUT_SECONDS = 30
"""Timeout of a server, and the period in which at least `_LEAST_BYTES` must arrive."""
_LEAST_BYTES = 1 << 15
_MOST_SECONDS = 2 * 3600
_CHUNK_BYTES = 1 << 16
_PREFIX = ".infomorphic-download-"
_ABANDONED_SECONDS = 86_400


@contextmanager
def downloaded(
    file_name: str, md5: str, most_bytes: int, mirrors: Sequence[str], destination: Path, advice: str, progress: bool
) -> Iterator[Path]:
    """Download a file into a temporary folder near `destination`. The folder is removed afterwards, with all files not moved by `install`.

    Args:
        file_name: the name of the file.
        md5: the hash of the file.
        most_bytes: the maximum size; a download that exceeds it is aborted.
        mirrors: addresses that end in a slash, to which `file_name` is appended, in the order in which they are tried.
        destination: the folder in which the file or its content will be installed. It is not created here.
        advice: a sentence on what to do if the download fails.
        progress: whether to show a progress bar.

    Raises:
        DataError: if `destination` cannot be written, or no mirror has the file with this hash.
    """
    # Near the destination, so that installing is an atomic rename; but not inside it, so that a failed download does not create
    # the folder.
    existing = next((folder for folder in (destination, *destination.parents) if folder.exists()), destination)
    _remove_abandoned(existing)
    try:
        folder = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=existing)
    except OSError as error:
        raise DataError(
            f"{file_name} is not in {destination} and cannot be written there ({error.strerror or error}: {existing}). Choose a writable "
            f"folder with `data_dir` or the environment variable INFOMORPHIC_DATA. {advice}"
        ) from error
    with folder as name:
        failures = []
        for mirror in mirrors:
            failure = _try(f"{mirror}{file_name}", md5, Path(name) / file_name, most_bytes, progress)
            if failure is None:
                break
            failures.append(failure)
        else:
            raise DataError(f"{file_name} could not be downloaded: {'; '.join(failures)}. {advice}")
        yield Path(name) / file_name


def install(file: Path, destination: Path) -> None:
    """Move a file into the folder `destination` atomically.

    Raises:
        DataError: if the folder cannot be created or written.
    """
    try:
        file.chmod(0o644)  # temporary files may be private to the owner, but data are shared
        move_file(file, destination / file.name)
    except OSError as error:
        raise DataError(str(error)) from error


def check_content(path: Path, md5: str, expected: str) -> None:
    """Raise `DataError` if the content of a file differs from the published content.

    Args:
        path: the file, for the message.
        md5: the MD5 of its content.
        expected: the published MD5.
    """
    if md5 != expected:
        raise DataError(
            f"{path} is not the published file: the MD5 of its content must be {expected}; got {md5}. Delete it to download it "
            "again. Use folder:PATH or npz:PATH for other data."
        )


def _try(url: str, md5: str, path: Path, most_bytes: int, progress: bool) -> str | None:
    """Download `url` to `path`. Returns None, or a few words on what went wrong."""
    import requests
    import urllib3

    with ProgressBar(f"Downloading {path.name}", progress, of_bytes=True) as bar:
        try:
            return _fetch(url, md5, path, most_bytes, bar)
        except requests.HTTPError as error:
            return f"{url} answered {error.response.status_code if error.response is not None else 'with an error'}"
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            return f"{url} did not answer for {TIMEOUT_SECONDS} seconds"
        except (requests.exceptions.ChunkedEncodingError, urllib3.exceptions.ProtocolError):
            return f"the connection to {url} broke off"
        except (requests.RequestException, urllib3.exceptions.HTTPError):
            return f"{url} cannot be reached"
        except OSError as error:
            return f"{path.parent} cannot be written ({error.strerror or error})"


def _fetch(url: str, md5: str, path: Path, most_bytes: int, bar: ProgressBar) -> str | None:
    import requests

    digest, received = hashlib.md5(usedforsecurity=False), 0
    started = since = time.monotonic()
    before = 0
    with (
        requests.get(url, stream=True, timeout=TIMEOUT_SECONDS, headers={"Accept-Encoding": "identity"}) as response,
        path.open("wb") as file,
    ):
        response.raise_for_status()
        declared = response.headers.get("Content-Length", "")
        if declared.isdecimal():
            bar.total = int(declared)
            if int(declared) > most_bytes:
                return f"{url} has {declared} bytes, more than the maximum of {most_bytes}"
        # Read what has arrived without waiting for a full block: a server may send single bytes.
        while chunk := response.raw.read1(_CHUNK_BYTES):
            received += len(chunk)
            if received > most_bytes:
                return f"{url} sends more than the maximum of {most_bytes} bytes"
            digest.update(chunk)
            file.write(chunk)
            bar.update(len(chunk))
            now = time.monotonic()
            if now - started > _MOST_SECONDS:
                return f"{url} takes longer than {_MOST_SECONDS} seconds"
            if now - since > TIMEOUT_SECONDS:
                if received - before < _LEAST_BYTES:
                    return f"{url} sent only {received - before} bytes in {now - since:.0f} seconds"
                since, before = now, received
    if declared.isdecimal() and received < int(declared):
        return f"the connection to {url} broke off"
    if digest.hexdigest() != md5:
        return f"{url} has unexpected content (its MD5 is not {md5})"
    return None


def _remove_abandoned(folder: Path) -> None:
    """Remove the temporary folders of downloads that were killed long ago."""
    for left in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            newest = max(p.stat().st_mtime for p in (left, *left.iterdir()))
            if time.time() - newest > _ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
