"""The lattice with its values."""

import itertools

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import same_color
from matplotlib.patches import Circle, FancyBboxPatch

from infomorphic.errors import AntichainError, TooManySourcesError, UnknownAtomError
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.plots import PlotValueError, plot_hasse
from infomorphic.plots.palette import value_scale
from infomorphic.plots.scaled_text import ScaledText


def nodes(ax):
    return {p.get_label(): p for p in ax.get_children() if isinstance(p, Circle | FancyBboxPatch)}


def texts(ax):
    return [t for t in ax.get_children() if isinstance(t, ScaledText)]


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_a_node_for_each_antichain_and_an_edge_for_each_cover(ax, some_atoms, n):
    atoms = some_atoms(n)
    assert plot_hasse(atoms, ax) is ax
    lattice = redundancy_lattice(n)
    assert set(nodes(ax)) == set(lattice.labels())
    (edges,) = (c for c in ax.get_children() if isinstance(c, LineCollection))
    assert len(edges.get_segments()) == sum(map(len, lattice.children))
    assert len(texts(ax)) == (len(lattice) if n < 4 else 0)


@pytest.mark.parametrize("n", [2, 4])
def test_colors_encode_values(ax, some_atoms, n):
    atoms = some_atoms(n)
    plot_hasse(atoms, ax, limit=0.5)
    scale = value_scale([], 0.5)
    for label, node in nodes(ax).items():
        assert same_color(node.get_facecolor(), scale.color(atoms[label]))


def test_labels_and_values_are_written_at_their_nodes(ax, xor):
    plot_hasse(xor, ax)
    assert {t.get_text() for t in texts(ax)} == {"{1}{2}\n\N{MINUS SIGN}0.585", "{1}\n0.585", "{2}\n0.585", "{12}\n0.415"}


@pytest.mark.parametrize(("labels", "values", "expected"), [(True, False, "{12}"), (False, True, "0.4"), (False, False, None)])
def test_labels_and_values_can_be_left_out(ax, xor, labels, values, expected):
    plot_hasse(xor, ax, labels=labels, values=values, decimals=1)
    written = [t.get_text() for t in texts(ax)]
    assert expected in written if expected else not written


@pytest.mark.parametrize("n", [1, 2, 3])
def test_texts_stay_in_their_nodes(ax, some_atoms, n):
    plot_hasse(some_atoms(n, "FCL"[:n]), ax)
    ax.figure.canvas.draw()
    extents = [node.get_window_extent() for node in nodes(ax).values()]
    for text in texts(ax):
        box = text.get_window_extent()
        assert sum(e.x0 <= box.x0 and box.x1 <= e.x1 and e.y0 <= box.y0 and box.y1 <= e.y1 for e in extents) == 1


def test_labels_of_four_sources_do_not_overlap(ax, some_atoms):
    plot_hasse(some_atoms(4), ax, labels=True)
    ax.figure.set_size_inches(14, 12)
    ax.figure.canvas.draw()
    boxes = np.array([[b.x0, b.x1, b.y0, b.y1] for b in (t.get_window_extent() for t in texts(ax))])
    assert len(boxes) == 166
    for a, b in itertools.combinations(boxes, 2):
        assert a[1] < b[0] or b[1] < a[0] or a[3] < b[2] or b[3] < a[2]


def test_a_color_bar_in_bits(ax, xor):
    plot_hasse(xor, ax)
    (bar,) = (other for other in ax.figure.axes if other is not ax)
    assert "bits" in bar.get_ylabel()
    assert bar.get_ylim() == (-0.585, 0.585)


def test_no_color_bar(ax, xor):
    plot_hasse(xor, ax, colorbar=False, title="XOR")
    assert ax.figure.axes == [ax]
    assert ax.get_title() == "XOR"


def test_an_axis_is_made_where_none_is_given(xor):
    import matplotlib.pyplot as plt

    assert plot_hasse(xor).figure.number in plt.get_fignums()


@pytest.mark.parametrize(
    ("atoms", "error"),
    [
        ({"{1}": 0.0, "{2}": 0.0}, UnknownAtomError),
        ({"1": 0.0}, AntichainError),
        ({"{1}": np.inf}, PlotValueError),
        ({"{12345}": 0.0}, TooManySourcesError),
    ],
)
def test_wrong_atoms_draw_nothing(ax, atoms, error):
    with pytest.raises(error):
        plot_hasse(atoms, ax)
    assert not nodes(ax)
    with pytest.raises(error):
        plot_hasse(atoms)
