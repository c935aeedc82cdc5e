"""Images in one folder per class, optionally below train/ and test/. Without test/, a fixed fifth of each class is the test set."""

import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from infomorphic.data.dataset import Dataset
from infomorphic.data.progress import ProgressBar
from infomorphic.data.stratified import stratified_indices
from infomorphic.errors import DataError
from infomorphic.limits import check_fits_memory
from infomorphic.quoting import shortened

NAME = "folder:PATH"
FORMATS = ("PNG", "JPEG", "BMP")
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp")
_GREY_MODES = ("1", "L", "LA")
_DEEP_MODES = ("I", "F", "I;16", "I;16B", "I;16L", "I;16N")


class _Example(NamedTuple):
    path: Path
    label: int


def load(path: Path, progress: bool) -> Dataset:
    """The data set below the folder `path`. Classes are in the alphabetical order of their folders.

    Images are gray if all files are gray, else in color. Transparency is dropped. Hidden files and files that are not images are
    left out.
    """
    if not path.is_dir():
        raise DataError(f"there is no folder {path}." if not path.exists() else f"{path} is not a folder.")
    train_root, test_root = path / "train", path / "test"
    is_split = bool(_folders(train_root))
    if not is_split and _folders(test_root):
        raise DataError(f"{path} has class folders in test/ but none in train/. Put the training images into {train_root}.")
    root = train_root if is_split else path
    class_names = tuple(folder.name for folder in _folders(root))
    if not class_names:
        raise DataError(f"{path} must have one folder per class; it has none.")
    examples = _examples(root, class_names)
    num_train = len(examples)
    if is_split and test_root.is_dir():
        examples += _examples(test_root, class_names)
    images, image_shape = _read(path, examples, progress)
    labels = torch.tensor([example.label for example in examples])
    if is_split and test_root.is_dir():
        train, test = slice(0, num_train), slice(num_train, None)
    else:
        train, test = stratified_indices(labels)
    return Dataset(
        name=f"folder:{path}",
        train_images=images[train],
        train_labels=labels[train],
        test_images=images[test],
        test_labels=labels[test],
        class_names=class_names,
        image_shape=image_shape,
    )


def _folders(path: Path) -> list[Path]:
    if not path.is_dir():
        return []
    return sorted(entry for entry in path.iterdir() if entry.is_dir() and not entry.name.startswith((".", "__")))


def _examples(root: Path, class_names: tuple[str, ...]) -> list[_Example]:
    """The image files below `root`, class by class and in alphabetical order."""
    examples = []
    for folder in _folders(root):
        if folder.name not in class_names:
            raise DataError(f"every class must have training images; {folder} has no counterpart among the training folders.")
        files = sorted(entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith("."))
        for file in files:
            if file.suffix.lower() not in SUFFIXES and _is_other_image(file):
                raise DataError(f"images must be {', '.join(FORMATS)}; got {file}. Convert it.")
        found = [_Example(file, class_names.index(folder.name)) for file in files if file.suffix.lower() in SUFFIXES]
        if not found:
            raise DataError(f"every class must have images; {folder} has no {', '.join(FORMATS)} file.")
        examples += found
    if not examples:
        raise DataError(f"{root} must have one folder per class; it has none.")
    return examples


def _is_other_image(file: Path) -> bool:
    from PIL import Image

    return file.suffix.lower() in Image.registered_extensions()


def _read(path: Path, examples: list[_Example], progress: bool) -> tuple[Tensor, tuple[int, ...]]:
    """The images as rows of bytes, and their shape."""
    first, is_color = _read_image(examples[0].path)
    # Allocate for color images, because the last image may be the first in color.
    check_fits_memory(2 * len(examples) * first.size, f"the images in {path}", "Use fewer or smaller images.", DataError)
    images = np.empty((len(examples), *first.shape), dtype=np.uint8)
    with ProgressBar(f"Reading {path}", progress, total=len(examples)) as bar:
        for i, example in enumerate(examples):
            image, in_color = _read_image(example.path)
            if image.shape != first.shape:
                raise DataError(
                    f"all images must have the same size; {examples[0].path} has {_size(first)} pixels, {example.path} has {_size(image)}."
                )
            images[i] = image
            is_color = is_color or in_color
            bar.update(1)
    if not is_color:
        images = np.ascontiguousarray(images[..., 0])
    return torch.from_numpy(images).flatten(1), images.shape[1:]


def _read_image(path: Path) -> tuple[np.ndarray, bool]:
    """The pixels (height, width, 3), and whether the picture is in color."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # A picture of a few kilobytes may unpack to any size. If extra data are damaged, Pillow warns and reads the picture.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as picture:
                if picture.mode in _DEEP_MODES:
                    raise DataError(f"images must have 8 bits per value; {path} has more (mode {picture.mode}). Convert it.")
                pixels = np.asarray(picture.convert("RGB"))
                return pixels, _in_color(picture.mode, pixels)
    except DataError:
        raise
    except Exception as error:  # Pillow raises many types for damaged files, which all mean the same to the user
        raise DataError(f"{path} cannot be read as an image: {shortened(' '.join(str(error).split()))}") from error


def _in_color(mode: str, pixels: np.ndarray) -> bool:
    if mode in _GREY_MODES:
        return False
    # A palette may have colors or shades of gray. A picture stored as RGB counts as color.
    return mode not in ("P", "PA") or bool((pixels != pixels[..., :1]).any())


def _size(pixels: np.ndarray) -> str:
    return f"{pixels.shape[1]} × {pixels.shape[0]}"
