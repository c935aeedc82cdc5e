"""MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 × 28 pixels (LeCun, Cortes & Burges 1998)."""

from pathlib import Path

from infomorphic.data.dataset import Dataset, DatasetSize
from infomorphic.data.idx import TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS, load_idx_dataset

NAME = "mnist"
SIZE = DatasetSize(60_000, 10, 784, (28, 28))
MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")
MD5 = {
    TRAIN_IMAGES: "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    TRAIN_LABELS: "d53e105ee54ea40749a09fcbcd1e9432",
    TEST_IMAGES: "9fb629c4189551a2d022fa330f9573f3",
    TEST_LABELS: "ec29112dd5afa0611ce80d1b7f02629c",
}
CONTENT_MD5 = {
    TRAIN_IMAGES: "6bbc9ace898e44ae57da46a324031adb",
    TRAIN_LABELS: "a25bea736e30d166cdddb491f175f624",
    TEST_IMAGES: "2646ac647ad5339dbf082846283269ea",
    TEST_LABELS: "27ae3e4e09519cfbb04c329615203637",
}
"""MD5 of the uncompressed files."""


def load(path: Path, progress: bool) -> Dataset:
    """The data set in `path`/MNIST/raw; missing files are downloaded to this folder."""
    return load_idx_dataset(NAME, path / "MNIST" / "raw", MD5, CONTENT_MD5, MIRRORS, tuple(map(str, range(10))), progress)
