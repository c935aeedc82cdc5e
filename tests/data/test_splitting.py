"""Splits: sizes, seeds, and standardization by training images alone."""

import subprocess
import sys

import pytest
import torch
from torch.testing import assert_close

from infomorphic.data import split, standardize
from infomorphic.errors import DataError


@pytest.fixture
def many(make_dataset):
    """5000 images of bytes, so that they are worked on in several pieces."""
    generator = torch.Generator().manual_seed(3)
    return make_dataset(
        train_images=torch.randint(0, 256, (5000, 6), dtype=torch.uint8, generator=generator),
        train_labels=torch.arange(5000) % 2,
        test_images=torch.randint(0, 256, (4, 6), dtype=torch.uint8, generator=generator),
    )


def test_training_images_have_mean_0_and_deviation_1_and_the_others_are_scaled_alike(many):
    parts = split(many, seed=1)
    assert parts.train_images.dtype == torch.float32
    assert (len(parts.train_images), len(parts.validation_images), len(parts.test_images)) == (4000, 1000, 4)
    assert_close(parts.train_images.double().mean(), torch.tensor(0.0).double(), atol=1e-6, rtol=0)
    assert_close(parts.train_images.double().std(correction=0), torch.tensor(1.0).double(), atol=1e-6, rtol=0)
    assert_close(parts.test_images * parts.deviation + parts.mean, many.test_images.float())
    assert (parts.num_classes, parts.num_features, parts.image_shape) == (2, 6, (2, 3))


def test_statistics_are_those_of_the_training_part_alone(make_dataset):
    images = torch.cat([torch.randn(10, 3), torch.randn(10, 3) * 5 + 100])
    dataset = make_dataset(train_images=images, train_labels=torch.arange(20) % 2, test_images=torch.zeros(4, 3), image_shape=None)
    parts = split(dataset, validation_fraction=0.4, seed=2)
    left = parts.train_images.double() * parts.deviation + parts.mean
    assert_close(parts.mean, float(left.mean()), atol=1e-3, rtol=0)
    assert_close(parts.deviation, float(left.std(correction=0)), atol=1e-3, rtol=0)
    assert abs(parts.mean - float(images.mean())) > 1e-3


def test_another_data_set_can_be_scaled_as_the_one_that_was_trained_on(make_dataset):
    trained, other = split(make_dataset()), make_dataset(train_images=torch.randn(8, 6) * 5 + 3)
    like = split(other, like=trained)
    assert (like.mean, like.deviation) == (trained.mean, trained.deviation) != (split(other).mean, split(other).deviation)
    assert_close(like.test_images, (other.test_images - trained.mean) / trained.deviation)


def test_every_image_keeps_its_label_and_is_in_one_part(many):
    # Tell images apart by their content.
    parts = split(many, seed=7)
    images = torch.cat([parts.train_images, parts.validation_images])
    labels = torch.cat([parts.train_labels, parts.validation_labels])
    original = standardize(many.train_images, parts.mean, parts.deviation)
    assert sorted(map(tuple, torch.cat([images, labels[:, None]], 1).tolist())) == sorted(
        map(tuple, torch.cat([original, many.train_labels[:, None]], 1).tolist())
    )


def test_the_seed_decides_and_threads_do_not(many):
    first, again, other = split(many, seed=0), split(many, seed=0), split(many, seed=1)
    threads = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        threaded = split(many, seed=0)
    finally:
        torch.set_num_threads(threads)
    for same in (again, threaded):
        assert torch.equal(first.train_images, same.train_images)
        assert torch.equal(first.validation_labels, same.validation_labels)
        assert (first.mean, first.deviation) == (same.mean, same.deviation)
    assert not torch.equal(first.train_images, other.train_images)


def test_without_validation_all_images_are_trained_on_in_their_order(many):
    parts = split(many, validation_fraction=0.0)
    assert parts.validation_images.shape == (0, 6)
    assert torch.equal(parts.train_labels, many.train_labels)
    assert_close(parts.mean, float(many.train_images.double().mean()))
    assert_close(parts.deviation, float(many.train_images.double().std(correction=0)))


def test_all_tensors_of_a_split_are_moved(many):
    whole = split(many)
    moved = whole.to("meta")
    for name, value in vars(whole).items():
        there = getattr(moved, name)
        assert there.device.type == "meta" if isinstance(value, torch.Tensor) else there == value, name


def test_a_class_without_training_images_is_refused(make_dataset):
    labels = torch.tensor([0] * 20 + [1] * 20 + [2])
    images = torch.rand(41, 6, generator=torch.Generator().manual_seed(0))
    dataset = make_dataset(train_images=images, train_labels=labels, class_names=("cat", "dog", "owl"))
    without = [seed for seed in range(30) if 2 not in labels[torch.randperm(41, generator=torch.Generator().manual_seed(seed))[8:]]]
    assert without
    with pytest.raises(DataError, match=f"with `validation_fraction` 0.2 and seed {without[0]} class 'owl' of toy has none of its 1 left"):
        split(dataset, 0.2, without[0])
    trained = split(dataset, 0.2, next(seed for seed in range(30) if seed not in without))
    assert 2 not in split(dataset, 0.2, without[0], like=trained).train_labels


def test_a_large_mean_costs_no_precision(make_dataset):
    images = torch.randn(8, 6) + 4096
    parts = split(make_dataset(train_images=images), validation_fraction=0.0)
    assert_close(parts.deviation, float(images.double().std(correction=0)), rtol=1e-10, atol=0)


@pytest.mark.parametrize("value", [0.0, 0.1])
def test_images_that_are_all_alike_are_refused(make_dataset, value):
    with pytest.raises(DataError, match=f"training images of toy must differ; every value of every image is {value:g}"):
        split(make_dataset(train_images=torch.full((8, 6), value)))


@pytest.mark.parametrize("fraction", [-0.1, 1.0, float("nan")])
def test_a_fraction_must_be_one(make_dataset, fraction):
    with pytest.raises(DataError, match="`validation_fraction` must be at least 0 and less than 1"):
        split(make_dataset(), validation_fraction=fraction)


def test_two_images_must_be_left(make_dataset):
    with pytest.raises(DataError, match=r"leaves 1 of the 8 of toy\. Choose a smaller fraction"):
        split(make_dataset(), validation_fraction=0.9)


def test_the_smallest_validation_set_is_one_image(make_dataset):
    assert len(split(make_dataset(), validation_fraction=0.01).validation_images) == 1


@pytest.mark.slow  # a process of its own, which imports torch again
def test_mnist_is_loaded_and_split_in_little_memory(mnist_dir):
    pytest.importorskip("resource", reason="needs a system that tells the memory of a process")
    code = (
        "import resource, sys, torch\n"
        "from infomorphic.data import load_dataset, split\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak()\n"
        "parts = split(load_dataset('mnist', sys.argv[1]))\n"
        "assert parts.train_images.shape == (48000, 784) and parts.validation_images.shape == (12000, 784)\n"
        "print(peak() - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(mnist_dir)], capture_output=True, text=True, check=True)
    unit = 1 if sys.platform == "darwin" else 1024
    # The data set as bytes (55 MB) and as float32 (220 MB) are there at once, and no third copy.
    assert int(done.stdout) * unit < 330e6
