"""The handwritten digits in the page of goals: the data set `digits` with its test set, as text."""

from jaxtyping import Int64, UInt8
from torch import Tensor

from infomorphic.data import load_dataset

_SHADES = "0123456789abcdefg"


def packed_digits() -> dict[str, dict[str, str]]:
    """Training and test images: per image 64 characters, one per pixel (0 to g for 17 shades), and one character for its label."""
    data = load_dataset("digits")
    return {"train": _packed(data.train_images, data.train_labels), "test": _packed(data.test_images, data.test_labels)}


def _packed(images: UInt8[Tensor, "images pixels"], labels: Int64[Tensor, " images"]) -> dict[str, str]:
    return {
        "pixels": "".join(_SHADES[shade] for shade in images.flatten().tolist()),
        "labels": "".join(map(str, labels.tolist())),
    }
