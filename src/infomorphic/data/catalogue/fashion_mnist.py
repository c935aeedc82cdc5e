"""Fashion-MNIST: 60,000 training and 10,000 test pictures of clothes, 28 × 28 pixels (Xiao, Rasul & Vollgraf 2017)."""

from pathlib import Path

from infomorphic.data.dataset import Dataset, DatasetSize
from infomorphic.data.idx import TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS, load_idx_dataset

NAME = "fashion-mnist"
SIZE = DatasetSize(60_000, 10, 784, (28, 28))
MIRRORS = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
)
MD5 = {
    TRAIN_IMAGES: "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    TRAIN_LABELS: "25c81989df183df01b3e8a0aad5dffbe",
    TEST_IMAGES: "bef4ecab320f06d8554ea6380940ec79",
    TEST_LABELS: "bb300cfdad3c16e7a12a480ee83cd310",
}
CONTENT_MD5 = {
    TRAIN_IMAGES: "f4a8712d7a061bf5bd6d2ca38dc4d50a",
    TRAIN_LABELS: "9018921c3c673c538a1fc5bad174d6f9",
    TEST_IMAGES: "8181f5470baa50b63fa0f6fddb340f0a",
    TEST_LABELS: "15d484375f8d13e6eb1aabb0c3f46965",
}
"""MD5 of the uncompressed files."""
CLASS_NAMES = ("T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")


def load(path: Path, progress: bool) -> Dataset:
    """The data set in `path`/FashionMNIST/raw; missing files are downloaded to this folder."""
    return load_idx_dataset(NAME, path / "FashionMNIST" / "raw", MD5, CONTENT_MD5, MIRRORS, CLASS_NAMES, progress)
