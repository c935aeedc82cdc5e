"""`split`: set validation images aside by seed, and standardize all images by the remaining training images."""

import math
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float32, Float64, Int64
from torch import Tensor

from infomorphic.data.dataset import ROWS_AT_ONCE, Dataset, Images
from infomorphic.errors import DataError


@dataclass(frozen=True, eq=False)
class Split:
    """Standardized images and labels for training, validation and testing.

    `mean` and `deviation` are those of all values of the training images before standardization. Stored is (image - mean) / deviation.
    """

    name: str
    train_images: Float32[Tensor, "train features"]
    train_labels: Int64[Tensor, " train"]
    validation_images: Float32[Tensor, "validation features"]
    validation_labels: Int64[Tensor, " validation"]
    test_images: Float32[Tensor, "test features"]
    test_labels: Int64[Tensor, " test"]
    class_names: tuple[str, ...]
    image_shape: tuple[int, ...] | None
    mean: float
    deviation: float
    image_type: torch.dtype = torch.float32
    """The type of the images before they were standardized."""

    @property
    def num_features(self) -> int:
        """Number of values per image."""
        return self.train_images.shape[1]

    @property
    def num_classes(self) -> int:
        """Number of classes; labels are smaller than this."""
        return len(self.class_names)

    def to(self, device: str) -> "Split":
        """The same split with images and labels on a device."""
        moved = {name: value.to(device) for name, value in vars(self).items() if isinstance(value, Tensor)}
        return replace(self, **moved)


def split(dataset: Dataset, validation_fraction: float = 0.2, seed: int = 0, like: Split | None = None) -> Split:
    """Set a random part of the training images aside for validation, and standardize all images.

    Mean and deviation are those of the remaining training images or, if given, those of `like`, a split that a network was trained on.

    The same seed gives the same split for any number of threads. With a fraction of 0 the validation set is empty and training
    images keep their order; otherwise it has at least one image.

    Raises:
        DataError: if `validation_fraction` is not in [0, 1), fewer than two training images are left, all their values are equal, or a
            class is missing (allowed if `like` is given, because nothing is trained).
    """
    if not 0 <= validation_fraction < 1:
        raise DataError(f"`validation_fraction` must be at least 0 and less than 1; got {validation_fraction}.")
    num_images = len(dataset.train_images)
    if validation_fraction == 0:
        train, validation = torch.arange(num_images), torch.arange(0)
    else:
        order = torch.randperm(num_images, generator=torch.Generator().manual_seed(seed))
        size = max(1, round(validation_fraction * num_images))
        train, validation = order[size:], order[:size]
    if len(train) < 2:
        raise DataError(
            f"`validation_fraction` must leave at least two training images; {validation_fraction} leaves {len(train)} of the "
            f"{num_images} of {dataset.name}. Choose a smaller fraction."
        )
    left = torch.bincount(dataset.train_labels[train], minlength=len(dataset.class_names))
    if like is None and not left.all():
        missing = int((left == 0).nonzero()[0])
        raise DataError(
            f"every class must have training images; with `validation_fraction` {validation_fraction} and seed {seed} class "
            f"{dataset.class_names[missing]!r} of {dataset.name} has none of its {int((dataset.train_labels == missing).sum())} left. "
            "Choose a smaller fraction or another seed."
        )
    mean, deviation = (like.mean, like.deviation) if like is not None else _mean_and_deviation(dataset.train_images, train)
    if deviation == 0:
        raise DataError(f"training images of {dataset.name} must differ; every value of every image is {mean:g}.")
    return Split(
        name=dataset.name,
        train_images=standardize(dataset.train_images, mean, deviation, train),
        train_labels=dataset.train_labels[train],
        validation_images=standardize(dataset.train_images, mean, deviation, validation),
        validation_labels=dataset.train_labels[validation],
        test_images=standardize(dataset.test_images, mean, deviation),
        test_labels=dataset.test_labels,
        class_names=dataset.class_names,
        image_shape=dataset.image_shape,
        mean=mean,
        deviation=deviation,
        image_type=dataset.train_images.dtype,
    )


def standardize(
    images: Images, mean: float, deviation: float, indices: Int64[Tensor, " chosen"] | None = None
) -> Float32[Tensor, "chosen features"]:
    """(image - mean) / deviation of the images at `indices`, in this order, or of all images. Makes only one copy."""
    num_images = len(images) if indices is None else len(indices)
    result = torch.empty((num_images, images.shape[1]), dtype=torch.float32)
    for start in range(0, num_images, ROWS_AT_ONCE):
        rows = slice(start, start + ROWS_AT_ONCE)
        result[rows] = images[rows if indices is None else indices[rows]]
    return result.sub_(mean).div_(deviation)


def _mean_and_deviation(images: Images, indices: Int64[Tensor, " chosen"]) -> tuple[float, float]:
    """Mean and deviation of all values of the images at `indices`. The deviation is exactly 0 if all values are equal.

    NumPy adds in one thread and in a fixed order. Torch's sums would depend on the number of threads in the last bit, and so would
    all weights trained on the images.
    """
    array, chosen = images.numpy(), indices.numpy()
    pieces = [chosen[start : start + ROWS_AT_ONCE] for start in range(0, len(chosen), ROWS_AT_ONCE)]
    num_values = len(chosen) * array.shape[1]
    sums, lowest, highest = [], math.inf, -math.inf
    for piece in pieces:
        rows = array[piece]
        sums.append(float(rows.sum(dtype=np.float64)))
        lowest, highest = min(lowest, float(rows.min())), max(highest, float(rows.max()))
    if lowest == highest:
        return lowest, 0.0
    mean = math.fsum(sums) / num_values
    # Two passes: the mean of squares minus the square of the mean loses all digits if the mean is large.
    squares = math.fsum(_sum_of_squares(array[piece] - np.float64(mean)) for piece in pieces)
    return mean, math.sqrt(squares / num_values)


def _sum_of_squares(rows: Float64[np.ndarray, "rows features"]) -> float:
    return float(np.square(rows, out=rows).sum())
