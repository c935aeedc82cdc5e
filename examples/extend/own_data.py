"""A data set of your own: stripes in four directions, under noise.

infomorphic train setup-1 --dataset examples/extend/own_data.py:stripes --hidden 20 --epochs 20 --run runs/own-data
infomorphic report runs/own-data
"""

import math

import torch

from infomorphic.data import Dataset

SIDE = 10
DIRECTIONS = {"horizontal": 90, "rising": 135, "vertical": 0, "falling": 45}


def stripes():
    """600 images for training and validation, 200 for testing: the same in every call."""
    images, labels = _drawn(800, torch.Generator().manual_seed(0))
    return Dataset(
        name="stripes",
        train_images=images[:600],
        train_labels=labels[:600],
        test_images=images[600:],
        test_labels=labels[600:],
        class_names=tuple(DIRECTIONS),
        image_shape=(SIDE, SIDE),
    )


def _drawn(count, generator):
    """Images (count, pixels) as float32, and labels 0 to 3 as int64."""
    labels = torch.randint(len(DIRECTIONS), (count,), generator=generator)
    angle = torch.tensor([math.radians(degrees) for degrees in DIRECTIONS.values()])[labels]
    phase = 2 * math.pi * torch.rand(count, generator=generator)
    row, column = torch.meshgrid(torch.arange(SIDE), torch.arange(SIDE), indexing="ij")
    along = angle.cos()[:, None, None] * column + angle.sin()[:, None, None] * row
    waves = torch.sin(2 * math.pi * along / 5 + phase[:, None, None])
    noise = 0.5 * torch.randn(waves.shape, generator=generator)
    return (waves + noise).flatten(1), labels
