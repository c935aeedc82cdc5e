"""Arrays in a NumPy file: x_train, y_train, x_test and y_test; or x and y, with a fixed fifth of each class as the test set."""

import warnings
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from infomorphic.data.dataset import Dataset
from infomorphic.data.stratified import stratified_indices
from infomorphic.errors import DataError
from infomorphic.limits import check_fits_memory
from infomorphic.quoting import shortened

NAME = "npz:PATH"
_FOUR = ("x_train", "y_train", "x_test", "y_test")
_TWO = ("x", "y")


def load(path: Path, progress: bool) -> Dataset:
    """The data set in the file `path`: images (samples, height, width), with channels last or first, or rows of features.

    uint8 stays uint8; all other numbers become float32.
    """
    arrays = _read(path)
    name = f"npz:{path}"
    if len(arrays) == 4:
        (train_images, image_shape), (test_images, test_shape) = (_images(path, x, arrays[x]) for x in ("x_train", "x_test"))
        if test_shape != image_shape or test_images.shape[1:] != train_images.shape[1:]:
            raise DataError(
                f"x_train and x_test of {path} must be images of the same size; "
                f"got shapes {arrays['x_train'].shape} and {arrays['x_test'].shape}."
            )
        train_labels, test_labels = (_labels(path, y, arrays[y], x, arrays[x]) for y, x in (("y_train", "x_train"), ("y_test", "x_test")))
    else:
        images, image_shape = _images(path, "x", arrays["x"])
        labels = _labels(path, "y", arrays["y"], "x", arrays["x"])
        train, test = stratified_indices(labels)
        train_images, train_labels, test_images, test_labels = images[train], labels[train], images[test], labels[test]
    return Dataset(
        name=name,
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        class_names=_class_names(path, train_labels, test_labels),
        image_shape=image_shape,
    )


def _read(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        raise DataError(f"there is no file {path}." if not path.exists() else f"{path} is not a file.")
    if not zipfile.is_zipfile(path):
        raise DataError(f"{path} is not a NumPy file of several arrays. Make one with np.savez(path, x=images, y=labels).")
    try:
        # Without pickles, which could run any code. NumPy warns about headers from Python 2, but reads them correctly.
        with warnings.catch_warnings(), np.load(path, allow_pickle=False) as file:
            warnings.simplefilter("ignore")
            for names in (_FOUR, _TWO):
                if all(name in file for name in names):
                    _check_size(path, file.zip, names)
                    return {name: _array(name, file[name]) for name in names}
            has = shortened(", ".join(file)) or "none"
            raise DataError(f"{path} must have arrays {', '.join(_FOUR)}, or {' and '.join(_TWO)}; it has {has}.")
    except DataError as error:
        raise error if str(path) in str(error) else DataError(f"{path} cannot be read as arrays of numbers: {error}.") from error
    except Exception as error:  # zip files and headers (Python expressions) can be damaged in many ways
        raise DataError(f"{path} cannot be read as arrays of numbers: {shortened(' '.join(str(error).split()))}") from error


def _check_size(path: Path, archive: zipfile.ZipFile, names: tuple[str, ...]) -> None:
    """Raise `DataError` if members are larger than the memory: a small file may unpack to any size."""
    size = sum(info.file_size for info in archive.infolist() if info.filename.removesuffix(".npy") in names)
    # Twice: as stored, and as float32 or uint8.
    check_fits_memory(2 * size, f"the arrays of {path}", "Use fewer or smaller images.", DataError)


def _array(name: str, member: object) -> np.ndarray:
    if not isinstance(member, np.ndarray):
        raise DataError(f"the member {name} is not a NumPy array")
    return member


def _images(path: Path, name: str, array: np.ndarray) -> tuple[Tensor, tuple[int, ...] | None]:
    """Images as rows, and their shape (None for rows of features)."""
    if array.dtype.kind not in "buif":
        raise DataError(f"{name} of {path} must hold real numbers; got type {array.dtype}.")
    if array.ndim == 4 and array.shape[-1] not in (1, 3) and array.shape[1] in (1, 3):
        array = array.transpose(0, 2, 3, 1)
    if array.ndim not in (2, 3) and not (array.ndim == 4 and array.shape[-1] in (1, 3)):
        raise DataError(
            f"{name} of {path} must have shape (images, features), (images, height, width) or (images, height, width, 1 or 3); "
            f"got {array.shape}."
        )
    if len(array) == 0 or 0 in array.shape:
        raise DataError(f"{name} of {path} must not be empty; got shape {array.shape}.")
    shape = array.shape[1:-1] if array.ndim == 4 and array.shape[-1] == 1 else array.shape[1:]
    with np.errstate(over="ignore"):  # too large for float32 becomes infinite, which `Dataset` reports as an error
        array = np.ascontiguousarray(array, dtype=np.uint8 if array.dtype.kind == "b" or array.dtype == np.uint8 else np.float32)
    return torch.from_numpy(array).flatten(1), None if array.ndim == 2 else shape


def _labels(path: Path, name: str, array: np.ndarray, name_of_images: str, images: np.ndarray) -> Tensor:
    if array.dtype.kind not in "bui":
        raise DataError(f"{name} of {path} must hold integers, 0 for the first class; got type {array.dtype}. Convert them before saving.")
    if array.shape not in ((len(images),), (len(images), 1)):
        raise DataError(
            f"{name} of {path} must have one label per image; got shape {array.shape} for {len(images)} images of {name_of_images}."
        )
    # Check before converting the type, which would make the largest labels negative.
    if int(array.max(initial=0)) > np.iinfo(np.int64).max:
        raise DataError(f"{name} of {path} must number the classes 0, 1, … without gaps; got {int(array.max())}.")
    return torch.from_numpy(array.reshape(-1).astype(np.int64))


def _class_names(path: Path, train_labels: Tensor, test_labels: Tensor) -> tuple[str, ...]:
    """The numbers of the classes, which are the labels of the training images and have no gaps."""
    found = train_labels.unique()
    if found[0] < 0:
        raise DataError(f"labels of {path} must be 0, 1, … for the classes; got {int(found[0])}.")
    # Check before creating names: a single label of a billion would create a billion names.
    gaps = (found != torch.arange(len(found))).nonzero()
    if len(gaps):
        raise DataError(
            f"every class of {path} must have training images; label {int(gaps[0])} has none, and label {int(found[-1])} has. "
            "Number the classes 0, 1, … without gaps."
        )
    return tuple(str(label) for label in range(len(found)))
