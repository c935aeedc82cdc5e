"""Images as data URIs."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from infomorphic.plots.palette import DIVERGING
from infomorphic.reports.pictures import field_picture, guessed_shape, image_picture


def opened(uri):
    head, _, content = uri.partition(",")
    assert head == "data:image/png;base64"
    return Image.open(io.BytesIO(base64.b64decode(content)))


def test_a_field_is_red_below_zero_white_at_zero_and_blue_above():
    image = opened(field_picture(np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 0.0]), (2, 3)))
    assert image.size == (3, 2)
    pixels = np.asarray(image.convert("RGB")).reshape(6, 3).astype(int)
    for pixel, value in zip(pixels, [-1, -0.5, 0, 0.5, 1, 0], strict=True):
        assert np.abs(pixel - 255 * np.array(DIVERGING((value + 1) / 2)[:3])).max() <= 8
    assert pixels[0][0] > pixels[0][2] + 50
    assert pixels[4][2] > pixels[4][0] + 50


def test_weights_of_zero_and_of_three_channels():
    assert np.asarray(opened(field_picture(np.zeros(4), (2, 2))).convert("RGB")).min() > 235
    color = np.asarray(opened(field_picture(np.array([1.0, -1, 0, 0, 0, 0]), (1, 2, 3))))
    assert color.tolist() == [[[255, 0, 128], [128, 128, 128]]]


def test_images_are_as_they_are():
    gray = np.arange(6, dtype=np.uint8)
    assert np.asarray(opened(image_picture(gray, (2, 3)))).tolist() == gray.reshape(2, 3).tolist()
    color = np.arange(12, dtype=np.uint8)
    assert np.asarray(opened(image_picture(color, (2, 2, 3)))).tolist() == color.reshape(2, 2, 3).tolist()


def test_a_field_of_mnist_is_small():
    weights = np.random.default_rng(0).normal(size=784)
    assert len(field_picture(weights, (28, 28))) < 1500


@pytest.mark.parametrize(("values", "shape"), [(784, (28, 28)), (3072, (32, 32, 3)), (64, (8, 8)), (63, None)])
def test_shapes_are_guessed_where_the_data_are_missing(values, shape):
    assert guessed_shape(values) == shape
