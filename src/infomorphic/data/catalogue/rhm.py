"""The Random Hierarchy Model: generated strings of a random grammar, one input per position and feature (Cagnetta et al. 2023)."""

import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import torch

from infomorphic.data.dataset import Dataset, DatasetSize
from infomorphic.data.hierarchy import Hierarchy
from infomorphic.errors import DataError, did_you_mean
from infomorphic.quoting import quoted

NAME = "rhm"
_LETTERS = {"v": "features", "n": "classes", "m": "multiplicity", "L": "levels"}


def load(path: Path, progress: bool) -> Dataset:
    """The data set with its default parameters; nothing is read from `path`."""
    return _dataset(NAME, Hierarchy())


def variant(text: str) -> Dataset:
    """The data set with other parameters, such as `v8-n8-m4-L3` or `levels2-train2000-seed1`.

    Raises:
        DataError: if a parameter does not exist, or is out of range.
    """
    return _dataset(f"{NAME}:{text}", _hierarchy(text))


def _dataset(name: str, hierarchy: Hierarchy) -> Dataset:
    labels, strings = hierarchy.sample()
    one_hot = np.eye(hierarchy.features, dtype=np.uint8)[strings].reshape(len(strings), -1)
    images, classes = torch.from_numpy(one_hot), torch.from_numpy(labels)
    return Dataset(
        name=name,
        train_images=images[: hierarchy.train],
        train_labels=classes[: hierarchy.train],
        test_images=images[hierarchy.train :],
        test_labels=classes[hierarchy.train :],
        class_names=tuple(map(str, range(hierarchy.classes))),
    )


def size_of(text: str) -> DatasetSize:
    """The size of a variant, without generating it."""
    return _size(_hierarchy(text))


def _size(hierarchy: Hierarchy) -> DatasetSize:
    return DatasetSize(hierarchy.train, hierarchy.classes, hierarchy.num_inputs)


SIZE = _size(Hierarchy())


def _hierarchy(text: str) -> Hierarchy:
    known = [one.name for one in fields(Hierarchy)]
    values: dict[str, int] = {}
    for part in text.split("-"):
        written = re.fullmatch(r"([A-Za-z]+)([0-9]{1,18})", part)
        if written is None:
            raise DataError(f"a parameter of {NAME} must be a name and a whole number, such as v8 or levels3; got {quoted(part)}.")
        name = _LETTERS.get(written[1], written[1])
        if name not in known:
            letters = ", ".join(f"{name} ({letter})" for letter, name in _LETTERS.items())
            raise DataError(
                f"there is no parameter {quoted(written[1])} of {NAME}; there are {letters}, train, test and seed.{did_you_mean(name, known)}"
            )
        if name in values:
            raise DataError(f"`{name}` of {NAME} must be given once; it is given again by {quoted(part)}.")
        values[name] = int(written[2])
    return Hierarchy(**values)
