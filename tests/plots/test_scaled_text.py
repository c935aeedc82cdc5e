"""Text keeps its place at every size of the figure."""

import pytest

from infomorphic.plots.scaled_text import add_text, format_value, text_box


def test_text_grows_with_the_axis(ax):
    ax.set(xlim=(0, 1), ylim=(0, 1))
    text = add_text(ax, 0.5, 0.5, "{1}{2}", 0.1)
    ax.figure.canvas.draw()
    small = text.get_fontsize()
    ax.set_ylim(0, 0.5)
    ax.figure.canvas.draw()
    assert text.get_fontsize() == pytest.approx(2 * small)


def test_the_box_is_that_of_the_drawn_text(ax):
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_aspect("equal")
    lines = ["{1}{23}", "\N{MINUS SIGN}0.123"]
    text = add_text(ax, 0.5, 0.5, "\n".join(lines), 0.1)
    ax.figure.canvas.draw()
    box = text.get_window_extent()
    pixels = ax.transData.transform([(0, 0), (0, 0.1)])[:, 1]
    width, height = text_box(lines)
    assert box.width / (pixels[1] - pixels[0]) == pytest.approx(width, rel=0.1)
    assert box.height / (pixels[1] - pixels[0]) == pytest.approx(height, rel=0.15)


@pytest.mark.parametrize(
    ("value", "decimals", "text"), [(-0.585, 3, "\N{MINUS SIGN}0.585"), (0.5, 2, "0.50"), (-0.0004, 3, "0.000"), (12.0, 1, "12.0")]
)
def test_values_are_written_with_a_true_minus_and_no_negative_zero(value, decimals, text):
    assert format_value(value, decimals) == text
