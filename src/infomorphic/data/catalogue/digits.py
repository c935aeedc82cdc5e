"""Handwritten digits of 8 × 8 pixels in 17 shades, included in scikit-learn. A fixed fifth of each class is the test set."""

from pathlib import Path

import torch

from infomorphic.data.dataset import Dataset, DatasetSize
from infomorphic.data.stratified import stratified_indices

NAME = "digits"
SIZE = DatasetSize(1438, 10, 64, (8, 8))


def load(path: Path, progress: bool) -> Dataset:
    """The data set; nothing is read from `path`."""
    from sklearn.datasets import load_digits

    pixels, classes = load_digits(return_X_y=True)
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
