"""Scales of colors, contrast of text, and distinct colors."""

import itertools

import numpy as np
import pytest

from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.plots import PlotValueError
from infomorphic.plots.palette import distinct_colors, text_color, value_scale


def luminance(rgb):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def test_the_scale_is_symmetric_around_zero():
    scale = value_scale([-0.2, 0.1])
    assert scale.limit == 0.2
    norm = scale.mappable().norm
    assert (norm.vmin, norm.vmax) == (-0.2, 0.2)
    assert np.ptp(scale.color(0.0)) < 0.02, "zero is gray"


def test_colors_tell_sign_and_magnitude():
    scale = value_scale([], limit=1.0)
    red, blue = scale.color(-1.0), scale.color(1.0)
    assert red[0] > red[2]
    assert blue[2] > blue[0]
    for sign in (-1, 1):
        shades = [luminance(scale.color(sign * v)) for v in np.linspace(0, 1, 9)]
        assert all(a > b for a, b in itertools.pairwise(shades)), "darker with magnitude, so that gray print still tells it"


def test_the_scale_agrees_with_its_color_bar():
    scale = value_scale([], limit=0.3)
    for value in (-0.3, -0.1, 0.0, 0.2):
        assert scale.color(value) == pytest.approx(scale.mappable().to_rgba(value)[:3], abs=0.02)


def test_beyond_the_limit_colors_stay():
    scale = value_scale([5.0], limit=1.0)
    assert scale.color(5.0) == scale.color(1.0)
    assert scale.gray(5.0) == scale.gray(1.0)


def test_all_zero_has_a_scale():
    assert value_scale([0.0, 0.0]).limit == 1.0


@pytest.mark.parametrize("limit", [0.0, -1.0, float("nan"), float("inf")])
def test_limits_must_be_positive(limit):
    with pytest.raises(PlotValueError, match="`limit`"):
        value_scale([1.0], limit)


def test_text_has_the_contrast_that_the_guidelines_ask_for():
    scale = value_scale([], limit=1.0)
    backgrounds = [scale.color(v) for v in np.linspace(-1, 1, 41)] + [scale.gray(v) for v in np.linspace(0, 1, 11)]
    backgrounds += [color for n in (1, 2, 3) for color in distinct_colors(redundancy_lattice(n))]
    for background in backgrounds:
        text = {"black": 0.0, "white": 1.0}[text_color(background)]
        lighter, darker = sorted([text, luminance(background)], reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


@pytest.mark.parametrize("n", [1, 2, 3])
def test_distinct_colors_are_distinct(n):
    colors = np.array(distinct_colors(redundancy_lattice(n)))
    apart = np.abs(colors[:, None] - colors).max(-1)
    assert (apart[~np.eye(len(colors), dtype=bool)] > 0.04).all()
