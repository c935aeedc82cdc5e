"""Files from the first mirror that has them unchanged, put in place whole or not at all."""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from infomorphic.data.progress import ProgressBar
from infomorphic.errors import DataError
from infomorphic.files import move_file

TIMEOUT_SECONDS = 30
CHUNK_BYTES = 1 << 16


@contextmanager
def downloaded(file_name: str, md5: str, mirrors: Sequence[str], destination: Path, advice: str, progress: bool) -> Iterator[Path]:
    """The file in a temporary folder near `destination`; the folder is removed afterwards, with what was not `install`ed.

    Args:
        mirrors: addresses that end in a slash and that `file_name` is appended to, in the order in which they are tried.
        destination: the folder that the file or its content will be installed in. It is not made here.
        advice: a sentence on what to do without a download.

    Raises:
        DataError: if `destination` cannot be written, or no mirror has the file with this hash.
    """
    # Near the destination, so that installing is a rename, which happens whole or not at all; but not in it, so that
    # no folder has to be made for a download that may fail.
    existing = next((folder for folder in (destination, *destination.parents) if folder.exists()), destination)
    try:
        folder = tempfile.TemporaryDirectory(prefix=".infomorphic-download-", dir=existing)
    except OSError as error:
        raise DataError(
            f"{file_name} is not in {destination} and cannot be put there ({error.strerror or error}: {existing}). Name a folder "
            f"that can be written, with --data-dir or the environment variable INFOMORPHIC_DATA. {advice}"
        ) from error
    with folder as name:
        failures = []
        for mirror in mirrors:
            failure = _try(f"{mirror}{file_name}", md5, Path(name) / file_name, progress)
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
        file.chmod(0o644)  # pooch's temporary files are the owner's alone, but data are shared
        move_file(file, destination / file.name)
    except OSError as error:
        raise DataError(str(error)) from error


def _try(url: str, md5: str, path: Path, progress: bool) -> str | None:
    """Download `url` to `path`; None, or what went wrong in a few words."""
    import pooch
    import requests

    with _quiet(pooch.get_logger()), ProgressBar(f"Downloading {path.name}", progress, of_bytes=True) as bar:
        # pooch takes any bar and any downloader, but its annotations do not say so.
        downloader: Any = pooch.HTTPDownloader(progressbar=cast(Any, bar), chunk_size=CHUNK_BYTES, timeout=TIMEOUT_SECONDS)
        try:
            pooch.retrieve(url, known_hash=f"md5:{md5}", fname=path.name, path=path.parent, downloader=downloader)
        except requests.HTTPError as error:
            return f"{url} answered {error.response.status_code if error.response is not None else 'with an error'}"
        except requests.Timeout:
            return f"{url} did not answer for {TIMEOUT_SECONDS} seconds"
        except requests.exceptions.ChunkedEncodingError:
            return f"the connection to {url} broke off"
        except requests.RequestException:
            return f"{url} cannot be reached"
        except ValueError:  # pooch's word for a wrong hash
            return f"{url} has other content than expected (its MD5 is not {md5})"
        except OSError as error:
            return f"{path.parent} cannot be written ({error.strerror or error})"
    return None


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
