"""Handwritten digits of 8 × 8 pixels in 17 shades, included in scikit-learn. A fixed fifth of each class is the test set."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch

from infomorphic.data.dataset import Dataset, DatasetSize
from infomorphic.data.stratified import stratified_indices

NAME = "digits"
SIZE = DatasetSize(1438, 10, 64, (8, 8))


def load(path: Path, progress: bool) -> Dataset:
    """The data set; nothing is read from `path`."""
    pixels, classes = _pixels_and_classes()
    images = torch.from_numpy(pixels).to(torch.uint8)  # whole numbers up to 16
    labels = torch.from_numpy(classes).long()
    train, test = stratified_indices(labels)
    return Dataset(
        name=NAME,
        train_images=images[train],
        train_labels=labels[train],
        test_images=images[test],
        test_labels=labels[test],
        class_names=tuple(map(str, range(10))),
        image_shape=(8, 8),
    )


def _pixels_and_classes() -> Any:
    """Two arrays: all images, (images, 64), and their classes."""
    # The file that `load_digits` reads: importing scikit-learn takes longer than anything else before the first epoch.
    package = find_spec("sklearn")
    file = Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz" if package and package.origin else Path()
    if not file.is_file():
        from sklearn.datasets import load_digits

        return load_digits(return_X_y=True)
    table = np.loadtxt(file, delimiter=",", dtype=np.int64)
    return table[:, :-1], table[:, -1]
