"""Animations: frames, their order and duration, and a bounded size."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from infomorphic.plots import PlotValueError, write_gif


def figure_of(shade, noisy=False):
    figure = Figure(figsize=(1, 0.5), facecolor=str(shade))
    if noisy:
        figure.figimage(np.random.default_rng(int(100 * shade)).random((50, 100)), cmap="gray")
    return figure


def frames_of(path):
    with Image.open(path) as picture:
        frames = []
        for i in range(picture.n_frames):
            picture.seek(i)
            frames.append((picture.convert("RGB").getpixel((1, 1))[0], picture.info["duration"]))
        return picture.size, picture.info["loop"], frames


def test_frames_are_in_order_and_the_last_is_shown_longer(tmp_path):
    assert write_gif((figure_of(shade) for shade in (0.2, 0.5, 0.8)), tmp_path / "a.gif", milliseconds=100, last=700) == 3
    size, loop, frames = frames_of(tmp_path / "a.gif")
    assert (size, loop) == ((100, 50), 0)  # 100 pixels per inch, endless
    assert [round(shade / 255, 1) for shade, _ in frames] == [0.2, 0.5, 0.8]
    assert [milliseconds for _, milliseconds in frames] == [100, 100, 700]


def test_a_large_animation_has_fewer_frames_and_its_last_one(tmp_path):
    shades = [i / 20 for i in range(17)]
    whole = write_gif((figure_of(s, noisy=True) for s in shades), tmp_path / "whole.gif")
    size = (tmp_path / "whole.gif").stat().st_size
    fewer = write_gif((figure_of(s, noisy=True) for s in shades), tmp_path / "fewer.gif", largest=size // 2)
    assert (whole, fewer) == (17, 5)
    assert (tmp_path / "fewer.gif").stat().st_size <= size // 2
    with Image.open(tmp_path / "whole.gif") as long, Image.open(tmp_path / "fewer.gif") as short:
        long.seek(16)
        short.seek(4)
        assert np.array_equal(np.asarray(long.convert("RGB")), np.asarray(short.convert("RGB")))
    with pytest.raises(PlotValueError, match=r"`largest` must be at least .* bytes for two of these frames; got 100\."):
        write_gif((figure_of(s, noisy=True) for s in shades), tmp_path / "x.gif", largest=100)
    assert not (tmp_path / "x.gif").exists()


def test_figures_are_drawn_in_the_default_style(tmp_path):
    with mpl.rc_context({"figure.facecolor": "black"}):
        write_gif((Figure(figsize=(1, 1)) for _ in range(2)), tmp_path / "a.gif")
        assert mpl.rcParams["figure.facecolor"] == "black"
    assert min(shade for shade, _ in frames_of(tmp_path / "a.gif")[2]) > 250


def test_what_cannot_be_written(tmp_path):
    with pytest.raises(PlotValueError, match=r"`gif` must name a file that ends in \.gif; got .*a\.png"):
        write_gif([], tmp_path / "a.png")
    with pytest.raises(PlotValueError, match=r"`gif` must be in a folder that exists; .* Create .*no first"):
        write_gif([], tmp_path / "no" / "a.gif")
    with pytest.raises(PlotValueError, match="`figures` must have at least one figure; got none"):
        write_gif([], tmp_path / "a.gif")
