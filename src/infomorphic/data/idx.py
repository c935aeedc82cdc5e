"""IDX files of MNIST and similar data sets, in torchvision's layout: read them, and download missing ones."""

import gzip
import hashlib
import math
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from jaxtyping import UInt8
from torch import Tensor

from infomorphic.data.dataset import Dataset
from infomorphic.data.download import check_content, downloaded, install
from infomorphic.errors import DataError
from infomorphic.limits import check_fits_memory

TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"

MOST_BYTES = 1 << 26
"""Maximum size of a file to download. The largest existing file has less than half of this."""
_UINT8 = 0x08


def load_idx_dataset(
    name: str,
    folder: Path,
    md5: Mapping[str, str],
    content_md5: Mapping[str, str],
    mirrors: Sequence[str],
    class_names: tuple[str, ...],
    progress: bool,
) -> Dataset:
    """The data set whose four files, compressed or not, are in `folder`.

    Args:
        name: the name of the data set.
        folder: the folder of the files.
        md5: the hash of each compressed file, by its name without `.gz`.
        content_md5: the hash of the uncompressed content. A file on disk must have this content, compressed in any way.
        mirrors: see `downloaded`.
        class_names: the class names in the order of the labels.
        progress: whether to show a progress bar for downloads.

    Raises:
        DataError: if a file is missing and cannot be downloaded, or is damaged; also as in `Dataset`.
    """
    train_images, train_labels, test_images, test_labels = (
        read_idx(_find_or_download(file, md5[file], folder, md5, mirrors, progress), num_axes, content_md5[file])
        for file, num_axes in ((TRAIN_IMAGES, 3), (TRAIN_LABELS, 1), (TEST_IMAGES, 3), (TEST_LABELS, 1))
    )
    height, width = train_images.shape[1:]
    return Dataset(
        name=name,
        train_images=train_images.flatten(1),
        train_labels=train_labels.long(),
        test_images=test_images.flatten(1),
        test_labels=test_labels.long(),
        class_names=class_names,
        image_shape=(height, width),
    )


def read_idx(path: Path, num_axes: int, md5: str | None = None) -> UInt8[Tensor, "samples *shape"]:  # noqa: F821
    """Read the array of bytes in an IDX file, which may be compressed with gzip.

    An IDX file consists of two zero bytes, one byte for the type, one for the number of axes, four big-endian bytes for the size
    of each axis, and the values (yann.lecun.com/exdb/mnist).

    Args:
        path: the file.
        num_axes: the required number of axes.
        md5: the required hash of the uncompressed content; None to accept any content.

    Raises:
        DataError: if the file is damaged, does not have `num_axes` axes of bytes, or its content does not match `md5`.
    """
    start = 4 + 4 * num_axes
    damaged = DataError(f"{path} is not a complete IDX file of bytes with {num_axes} axes. Delete it to download it again.")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            header = file.read(start)
            shape = [int.from_bytes(header[i : i + 4], "big") for i in range(4, start, 4)]
            size = math.prod(shape)
            if len(header) < start or header[:4] != bytes([0, 0, _UINT8, num_axes]):
                raise damaged
            check_fits_memory(2 * size, f"the {size:,} values that {path} announces", "The file may be damaged.", DataError)
            # Read only the announced size: a small file may unpack to any size. Use a bytearray, because torch shares the memory and
            # does not support read-only tensors.
            content = bytearray(file.read(size + 1))
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} cannot be read ({error}). Delete it to download it again.") from error
    if len(content) != size:
        raise damaged
    if md5 is not None:
        check_content(path, hashlib.md5(header + content, usedforsecurity=False).hexdigest(), md5)
    if not size:
        return torch.empty(shape, dtype=torch.uint8)  # torch.frombuffer does not accept an empty buffer
    return torch.frombuffer(content, dtype=torch.uint8).reshape(shape)


def _find_or_download(file: str, md5: str, folder: Path, files: Mapping[str, str], mirrors: Sequence[str], progress: bool) -> Path:
    for path in (folder / file, folder / f"{file}.gz"):
        if path.is_file():
            return path
    names = ", ".join(f"{name}.gz" for name in files)
    advice = f"To install by hand, put the files {names} into {folder}."
    with downloaded(f"{file}.gz", md5, MOST_BYTES, mirrors, folder, advice, progress) as path:
        install(path, folder)
    return folder / f"{file}.gz"
