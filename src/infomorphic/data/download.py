"""Files from the first mirror that has them unchanged, put in place whole or not at all."""

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
"""So long a server may be silent, and in each such time `LEAST_BYTES` must come."""
LEAST_BYTES = 1 << 15
MOST_SECONDS = 2 * 3600
CHUNK_BYTES = 1 << 16
_PREFIX = ".infomorphic-download-"
_ABANDONED_SECONDS = 86_400


@contextmanager
def downloaded(
    file_name: str, md5: str, most_bytes: int, mirrors: Sequence[str], destination: Path, advice: str, progress: bool
) -> Iterator[Path]:
    """The file in a temporary folder near `destination`; the folder is removed afterwards, with what was not `install`ed.

    Args:
        file_name: the name of the file.
        md5: its hash.
        most_bytes: the size that it cannot have; a server that sends more is not listened to.
        mirrors: addresses that end in a slash and that `file_name` is appended to, in the order in which they are tried.
        destination: the folder that the file or its content will be installed in. It is not made here.
        advice: a sentence on what to do without a download.
        progress: show a bar.

    Raises:
        DataError: if `destination` cannot be written, or no mirror has the file with this hash.
    """
    # Near the destination, so that installing is a rename, which happens whole or not at all; but not in it, so that
    # no folder has to be made for a download that may fail.
    existing = next((folder for folder in (destination, *destination.parents) if folder.exists()), destination)
    _remove_abandoned(existing)
    try:
        folder = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=existing)
    except OSError as error:
        raise DataError(
            f"{file_name} is not in {destination} and cannot be put there ({error.strerror or error}: {existing}). Name a folder "
            f"that can be written, with `data_dir` or the environment variable INFOMORPHIC_DATA. {advice}"
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
    """Move a file into the folder `destination`, in one step.

    Raises:
        DataError: if that folder cannot be made or written.
    """
    try:
        file.chmod(0o644)  # temporary files may be the owner's alone, but data are shared
        move_file(file, destination / file.name)
    except OSError as error:
        raise DataError(str(error)) from error


def check_content(path: Path, md5: str, expected: str) -> None:
    """Raise `DataError` if the content of a file on disk is not the published one.

    Args:
        path: the file, for the message.
        md5: the MD5 of its content.
        expected: what that must be.
    """
    if md5 != expected:
        raise DataError(
            f"{path} is not the published file: the MD5 of its content is {md5} and must be {expected}. Delete it, and it is downloaded "
            "again. Other data are read as folder:PATH or npz:PATH."
        )


def _try(url: str, md5: str, path: Path, most_bytes: int, progress: bool) -> str | None:
    """Download `url` to `path`; None, or what went wrong in a few words."""
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
                return f"{url} has {declared} bytes, more than the {most_bytes} that the file can have"
        # What has come, without waiting for a whole block: a server may send a byte now and then.
        while chunk := response.raw.read1(CHUNK_BYTES):
            received += len(chunk)
            if received > most_bytes:
                return f"{url} sends more than the {most_bytes} bytes that the file can have"
            digest.update(chunk)
            file.write(chunk)
            bar.update(len(chunk))
            now = time.monotonic()
            if now - started > MOST_SECONDS:
                return f"{url} takes longer than {MOST_SECONDS} seconds"
            if now - since > TIMEOUT_SECONDS:
                if received - before < LEAST_BYTES:
                    return f"{url} sent only {received - before} bytes in {now - since:.0f} seconds"
                since, before = now, received
    if declared.isdecimal() and received < int(declared):
        return f"the connection to {url} broke off"
    if digest.hexdigest() != md5:
        return f"{url} has other content than expected (its MD5 is not {md5})"
    return None


def _remove_abandoned(folder: Path) -> None:
    """Remove what downloads have left whose process was killed long ago."""
    for left in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            newest = max(p.stat().st_mtime for p in (left, *left.iterdir()))
            if time.time() - newest > _ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
