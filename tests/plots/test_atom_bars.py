"""Bars of atoms: lengths, colors, labels."""

import numpy as np
import pytest
from matplotlib.colors import same_color

from infomorphic.errors import AntichainError, TooManySourcesError, UnknownAtomError
from infomorphic.plots import PlotValueError, plot_atoms
from infomorphic.plots.palette import NEGATIVE, POSITIVE, RESIDUAL, SERIES

H_RES = r"$H_{\mathrm{res}}$"


def tick_labels(ax):
    return [t.get_text() for t in ax.get_yticklabels()]


def widths(container):
    return [bar.get_width() for bar in container]


def test_bars_are_in_lattice_order_with_the_redundancy_on_top(ax, xor):
    assert plot_atoms(dict(reversed(xor.items())), ax=ax) is ax
    assert tick_labels(ax) == ["{1}{2}", "{1}", "{2}", "{12}"]
    assert widths(ax.containers[0]) == [-0.585, 0.585, 0.585, 0.415]
    assert ax.yaxis_inverted()


def test_colors_tell_the_sign(ax, xor):
    plot_atoms(xor, 0.2, ax)
    colors = [bar.get_facecolor() for bar in ax.containers[0]]
    assert all(map(same_color, colors, [NEGATIVE, POSITIVE, POSITIVE, POSITIVE, RESIDUAL]))


def test_the_residual_entropy_is_the_last_bar(ax, xor):
    plot_atoms(xor, 0.2, ax)
    assert tick_labels(ax)[-1] == H_RES
    assert widths(ax.containers[0])[-1] == 0.2


def test_values_are_written_inside_the_axis(ax, xor):
    plot_atoms(xor, 0.2, ax, errors={"{1}": 0.1})
    assert [t.get_text() for t in ax.texts] == ["\N{MINUS SIGN}0.585", "0.585", "0.585", "0.415", "0.200"]
    ax.figure.canvas.draw()
    frame = ax.get_window_extent()
    for text in ax.texts:
        box = text.get_window_extent()
        assert frame.x0 <= box.x0
        assert box.x1 <= frame.x1 + 1


def test_several_decompositions_side_by_side(ax, xor, some_atoms):
    other = some_atoms(2)
    plot_atoms({"xor": xor, "random": other}, {"xor": 0.1}, ax, title="Two")
    first, second = [c for c in ax.containers if len(c) == 5]
    assert widths(first) == [*xor.values(), 0.1]
    assert widths(second) == [*other.values(), 0.0]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["xor", "random"]
    for i, container in enumerate((first, second)):
        assert all(same_color(bar.get_facecolor(), SERIES[i]) for bar in container)
    low, high = first[0].get_y() + first[0].get_height(), second[0].get_y()
    assert low <= high + 1e-12, "no overlap within an atom"
    assert second[0].get_y() + second[0].get_height() < first[1].get_y(), "a gap between atoms"


def test_one_residual_entropy_for_all(ax, xor):
    plot_atoms({"a": xor, "b": xor}, 0.3, ax)
    assert all(widths(c)[-1] == 0.3 for c in ax.containers if len(c) == 5)


def test_error_bars(ax, xor):
    plot_atoms(xor, 0.4, ax, errors={"{2}": 0.1, "{21}": 0.05, "H_res": 0.02})
    bars = next(c for c in ax.containers if len(c) == 5)
    (whiskers,) = bars.errorbar.lines[2]
    spans = [s[:, 0] for s in whiskers.get_segments() if len(s) and np.isfinite(s).all()]
    assert sorted(map(tuple, np.round(spans, 12))) == [(0.365, 0.465), (0.38, 0.42), (0.485, 0.685)]


def test_error_bars_by_name(ax, xor):
    plot_atoms({"a": xor, "b": xor}, ax=ax, errors={"b": {"{1}": 0.1}})
    a, b = [c for c in ax.containers if len(c) == 4]
    assert a.errorbar is None
    assert b.errorbar is not None


def test_all_zero_atoms_have_a_scale(ax, xor):
    plot_atoms(dict.fromkeys(xor, 0.0), ax=ax)
    low, high = ax.get_xlim()
    assert low <= 0 < high


def test_four_sources(ax, some_atoms):
    plot_atoms(some_atoms(4), ax=ax)
    assert len(ax.containers[0]) == 166
    assert not ax.texts


def test_an_axis_is_made_where_none_is_given(xor):
    import matplotlib.pyplot as plt

    assert plot_atoms(xor).figure.number in plt.get_fignums()


@pytest.mark.parametrize(
    ("atoms", "options", "error"),
    [
        ({"{1}": 0.0, "{2}": 0.0}, {}, UnknownAtomError),
        ({}, {}, AntichainError),
        ({"{1}": np.nan}, {}, PlotValueError),
        ({"{12345}": 0.0}, {}, TooManySourcesError),
        ({"{1}": 0.0}, {"residual_entropy": np.nan}, PlotValueError),
        ({"{1}": 0.0}, {"errors": {"{1}": -0.1}}, PlotValueError),
        ({"{1}": 0.0}, {"errors": {"{2}": 0.1}}, AntichainError),
        ({"a": {"{1}": 0.0}, "b": {"{2}": 0.0}}, {}, AntichainError),
        ({"a": {"{1}": 0.0}}, {"errors": {"b": {"{1}": 0.1}}}, UnknownAtomError),
        ({"a": {"{1}": 0.0}}, {"residual_entropy": {"b": 0.1}}, UnknownAtomError),
    ],
)
def test_wrong_input_draws_nothing(ax, atoms, options, error):
    with pytest.raises(error):
        plot_atoms(atoms, ax=ax, **options)
    assert not ax.containers
    with pytest.raises(error):
        plot_atoms(atoms, **options)
