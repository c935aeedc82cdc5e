"""Checks of a data set when it is made."""

import pytest
import torch

from infomorphic.errors import DataError
from shape_checking import wrong_on_purpose


def test_a_valid_data_set_knows_its_sizes(make_dataset):
    dataset = make_dataset()
    assert (dataset.num_features, dataset.num_classes) == (6, 2)


@wrong_on_purpose
@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"train_images": torch.zeros(8, 2, 3)}, r"`train_images` must be uint8 or float32 of shape \(samples, features\)"),
        ({"test_images": torch.zeros(4, 6, dtype=torch.float64)}, "`test_images` must be uint8 or float32 .* got float64"),
        ({"train_labels": torch.zeros(8)}, "`train_labels` must be int64 .* got float32"),
        ({"train_images": torch.zeros(0, 6), "train_labels": torch.zeros(0).long()}, "toy must have training images; it has none"),
        ({"test_images": torch.zeros(0, 6), "test_labels": torch.zeros(0).long()}, "toy must have test images; it has none"),
        ({"train_images": torch.zeros(1, 6), "train_labels": torch.zeros(1).long()}, "at least two training images; it has one"),
        ({"train_labels": torch.tensor([0, 1])}, "one label per training image; got 2 labels for 8 images"),
        ({"test_labels": torch.tensor([0, 1, 2, 1])}, "test labels of toy must be between 0 and 1; got 2 for image 2"),
        ({"train_labels": torch.tensor([0, -1] * 4)}, "training labels of toy must be between 0 and 1; got -1 for image 1"),
        ({"train_labels": torch.zeros(8).long()}, r"every class of toy must have training images; class 1 \(dog\) has none"),
        ({"class_names": ("0", "1", "2")}, "class 2 has none"),
        ({"test_images": torch.zeros(4, 5)}, "must have the same size; training images have 6 values, test images 5"),
        ({"test_images": torch.zeros(4, 6, dtype=torch.uint8)}, "must have the same type; got float32 and uint8"),
        ({"image_shape": (2, 2)}, r"`image_shape` of toy must have 6 values; got \(2, 2\)"),
        (
            {"train_labels": torch.zeros(8).long(), "test_labels": torch.zeros(4).long(), "class_names": ("0",)},
            "must have at least two classes; it has 1",
        ),
    ],
)
def test_what_nothing_can_be_trained_on_is_refused(make_dataset, parts, message):
    with pytest.raises(DataError, match=message):
        make_dataset(**parts)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_values_that_are_not_finite_are_found_behind_the_first_rows(make_dataset, value):
    images = torch.zeros(5000, 6)
    images[4321, 3] = value
    with pytest.raises(DataError, match=f"must be finite; training image 4321 has {value} at feature 3"):
        make_dataset(train_images=images, train_labels=torch.arange(5000) % 2)
