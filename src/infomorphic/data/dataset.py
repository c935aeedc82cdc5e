"""`Dataset`: images and labels in memory, checked once at creation."""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import torch
from jaxtyping import Float32, Int64, UInt8
from torch import Tensor

from infomorphic.errors import DataError

Images: TypeAlias = UInt8[Tensor, "samples features"] | Float32[Tensor, "samples features"]

ROWS_AT_ONCE = 2048
"""Number of images that are processed together, where processing all at once would need another copy of the data set."""


class DatasetSize(NamedTuple):
    """The size of a data set, as far as it is needed before the data are read."""

    train_images: int
    num_classes: int
    num_features: int
    image_shape: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and test images with class labels, as loaded: neither standardized nor split.

    Features of an image are in the order of `image_shape`: row by row, with the channels of a pixel adjacent.

    Args:
        name: the name of the data set, as passed to `load_dataset`.
        class_names: the class names of labels 0, 1, ….
        image_shape: (height, width), or (height, width, channels) for color images; None if features are not pixels.

    Raises:
        DataError: if there are no images or fewer than two training images, images and labels do not match, a value is not
            finite, a label is not a class, or a class has no training image.
    """

    name: str
    train_images: UInt8[Tensor, "train features"] | Float32[Tensor, "train features"]
    train_labels: Int64[Tensor, " train"]
    test_images: UInt8[Tensor, "test features"] | Float32[Tensor, "test features"]
    test_labels: Int64[Tensor, " test"]
    class_names: tuple[str, ...]
    image_shape: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        _check_part(self, "train", self.train_images, self.train_labels)
        _check_part(self, "test", self.test_images, self.test_labels)
        if len(self.train_images) < 2:
            raise DataError(f"{self.name} must have at least two training images; it has one.")
        if self.test_images.shape[1] != self.train_images.shape[1]:
            raise DataError(
                f"all images of {self.name} must have the same size; training images have {self.train_images.shape[1]} values, "
                f"test images {self.test_images.shape[1]}."
            )
        if self.test_images.dtype != self.train_images.dtype:
            # Otherwise one of them is probably scaled to 0…1 and the other is not, which later steps could not detect.
            raise DataError(
                f"training and test images of {self.name} must have the same type; got {_name(self.train_images.dtype)} and "
                f"{_name(self.test_images.dtype)}. Convert both in the same way."
            )
        if self.image_shape is not None and torch.Size(self.image_shape).numel() != self.num_features:
            raise DataError(f"`image_shape` of {self.name} must have {self.num_features} values; got {self.image_shape}.")
        if self.num_classes < 2:
            raise DataError(f"{self.name} must have at least two classes; it has {self.num_classes}.")
        counts = torch.bincount(self.train_labels, minlength=self.num_classes)
        if (counts == 0).any():
            empty = int((counts == 0).nonzero()[0])
            raise DataError(f"every class of {self.name} must have training images; class {_class_name(self.class_names, empty)} has none.")

    @property
    def num_features(self) -> int:
        """Number of values per image."""
        return self.train_images.shape[1]

    @property
    def num_classes(self) -> int:
        """Number of classes; labels are smaller than this."""
        return len(self.class_names)


def _check_part(dataset: Dataset, part: str, images: Tensor, labels: Tensor) -> None:
    kind = {"train": "training", "test": "test"}[part]
    if images.ndim != 2 or images.dtype not in (torch.uint8, torch.float32):
        raise DataError(
            f"`{part}_images` must be uint8 or float32 of shape (samples, features); got {_name(images.dtype)} of shape {tuple(images.shape)}."
        )
    if labels.ndim != 1 or labels.dtype != torch.int64:
        raise DataError(f"`{part}_labels` must be int64 of shape (samples,); got {_name(labels.dtype)} of shape {tuple(labels.shape)}.")
    if images.numel() == 0:
        raise DataError(f"{dataset.name} must have {kind} images; it has none.")
    if len(labels) != len(images):
        raise DataError(f"{dataset.name} must have one label per {kind} image; got {len(labels)} labels for {len(images)} images.")
    outside = ((labels < 0) | (labels >= dataset.num_classes)).nonzero()
    if len(outside):
        raise DataError(
            f"{kind} labels of {dataset.name} must be between 0 and {dataset.num_classes - 1}; "
            f"got {int(labels[outside[0, 0]])} for image {int(outside[0, 0])}."
        )
    if images.is_floating_point():
        _check_finite(dataset.name, kind, images)


def _check_finite(name: str, kind: str, images: Tensor) -> None:
    for start in range(0, len(images), ROWS_AT_ONCE):
        rows = images[start : start + ROWS_AT_ONCE]
        not_finite = (~rows.isfinite()).nonzero()
        if len(not_finite):
            row, column = not_finite[0].tolist()
            raise DataError(
                f"all values of {name} must be finite; {kind} image {start + row} has {float(rows[row, column])} at feature {column}."
            )


def _class_name(class_names: tuple[str, ...], label: int) -> str:
    named = class_names[label] != str(label)
    return f"{label} ({class_names[label]})" if named else str(label)


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
