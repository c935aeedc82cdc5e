"""Small images as data URIs, for a self-contained page."""

import base64
import io

import numpy as np
from jaxtyping import Bool, Float, UInt8
from PIL import Image

from infomorphic.plots.palette import BITS, DIVERGING

_LEVELS = 64
"""Colors of a receptive field: a palette of 256 would be larger than the image."""
_PALETTE = (np.array([DIVERGING(i / (_LEVELS - 1))[:3] for i in range(_LEVELS)]) * 255).round().astype(np.uint8)


def field_picture(weights: Float[np.ndarray, " pixels"], shape: tuple[int, ...]) -> str:
    """The weights of a neuron as an image: blue above zero, red below; three channels as red, green and blue around gray."""
    strongest = float(np.abs(weights).max()) or 1.0
    scaled = (weights / strongest + 1) / 2
    if len(shape) == 3 and shape[2] == 3:
        return _data_uri(Image.fromarray((scaled.reshape(shape) * 255).round().astype(np.uint8)))
    height, width = shape[:2]
    image = Image.frombytes("P", (width, height), (scaled * (_LEVELS - 1)).round().astype(np.uint8).tobytes())
    image.putpalette(_PALETTE.tobytes())
    return _data_uri(image)


def bits_picture(bits: Float[np.ndarray, " bits"], marked: Bool[np.ndarray, " bits"], width: int) -> str:
    """A state of ±1 in rows of `width` bits: dark for +1, light for −1, red where a bit is marked."""
    height = -(-len(bits) // width)
    colors = np.zeros(height * width, dtype=np.uint8)  # what is left of the last row is transparent
    colors[: len(bits)] = 1 + (bits > 0) + 2 * marked
    image = Image.frombytes("P", (width, height), colors.tobytes())
    image.putpalette([0, 0, 0, *(int(color[i : i + 2], 16) for color in BITS for i in (1, 3, 5))])
    image.info["transparency"] = 0
    return _data_uri(image)


def image_picture(pixels: UInt8[np.ndarray, " pixels"], shape: tuple[int, ...]) -> str:
    """An image of the data set."""
    color = len(shape) == 3 and shape[2] == 3
    return _data_uri(Image.fromarray(pixels.reshape(shape if color else shape[:2])))


def guessed_shape(num_values: int) -> tuple[int, ...] | None:
    """The shape of a square image with this number of values, gray or in color; None if there is none."""
    for channels in (1, 3):
        side = round((num_values / channels) ** 0.5)
        if side * side * channels == num_values:
            return (side, side) if channels == 1 else (side, side, channels)
    return None


def _data_uri(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
