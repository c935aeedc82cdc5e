"""The information diagram: regions, texts, and values that are negative or missing."""

import itertools

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from infomorphic.errors import AntichainError, TooManySourcesError, UnknownAtomError
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.plots import PlotValueError, plot_information_diagram
from infomorphic.plots.diagram_geometry import RIM, diagram_geometry
from infomorphic.plots.palette import distinct_colors, value_scale
from infomorphic.plots.scaled_text import ScaledText
from shape_checking import wrong_on_purpose


def regions(ax):
    """The painted shape of each atom, in the order of painting."""
    return [p for p in ax.get_children() if isinstance(p, Polygon) and p.get_fill()]


def texts(ax):
    return [t for t in ax.get_children() if isinstance(t, ScaledText)]


def boxes(ax):
    ax.figure.canvas.draw()
    return {t: t.get_window_extent() for t in texts(ax)}


@pytest.mark.parametrize("n", [1, 2, 3])
def test_what_one_sees_at_each_point_is_the_atom_of_its_region(ax, some_atoms, n):
    plot_information_diagram(some_atoms(n), 0.3, ax)
    lattice, geometry = redundancy_lattice(n), diagram_geometry(n)
    side = np.linspace(-RIM, RIM, 151)
    points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    top = np.full(len(points), "", dtype=object)
    for patch in regions(ax):
        top[patch.get_path().contains_points(points)] = patch.get_label()
    upsets = geometry.upset_at(*points.T)
    label_of = dict(zip(lattice.upsets, lattice.labels(), strict=True)) | {0: ""}
    wrong = top != np.array([label_of[u] for u in upsets], dtype=object)
    assert wrong.mean() < 2e-3, "only points on an outline may differ"
    assert set(top) == {"", *lattice.labels()}


@pytest.mark.parametrize("n", [1, 2, 3])
def test_colors_encode_values(ax, some_atoms, n):
    atoms = some_atoms(n, "FCL"[:n])
    plot_information_diagram(atoms, ax=ax)
    scale = value_scale(atoms.values())
    for patch in regions(ax):
        assert same_color(patch.get_facecolor(), scale.color(atoms[patch.get_label()]))


def test_diagrams_with_one_limit_share_their_colors(ax, xor):
    plot_information_diagram(xor, ax=ax, limit=2.0)
    colors = {p.get_label(): p.get_facecolor() for p in regions(ax)}
    assert same_color(colors["{12}"], value_scale([], 2.0).color(0.415))


def test_without_values_every_region_has_a_color_and_a_label_of_its_own(ax, some_atoms):
    plot_information_diagram(some_atoms(3, "FCL"), 0.3, ax, values=False, quantities=False)
    colors = distinct_colors(redundancy_lattice(3))
    assert all(same_color(p.get_facecolor(), c) for p, c in zip(regions(ax), reversed(colors), strict=True))
    written = {t.get_text().replace("\n", "") for t in texts(ax)}
    assert written == {*redundancy_lattice(3).labels("FCL"), r"$H_{\mathrm{res}}$"}
    assert len(ax.figure.axes) == 1, "no color bar"


@pytest.mark.parametrize("n", [1, 2, 3])
def test_every_label_and_value_is_written_in_its_region(ax, some_atoms, n):
    atoms = some_atoms(n)
    plot_information_diagram(atoms, 0.25, ax, quantities=False, decimals=2)
    lattice, geometry = redundancy_lattice(n), diagram_geometry(n)
    written = {t.get_text().replace("\n", ""): t for t in texts(ax)}
    ax.figure.canvas.draw()
    to_data = ax.transData.inverted()
    for label, upset in zip(lattice.labels(), lattice.upsets, strict=True):
        text = written[label + f"{round(atoms[label], 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")]
        (left, bottom), (right, top) = to_data.transform(text.get_window_extent())
        corners = np.array(list(itertools.product((left, right), (bottom, top))))
        assert (geometry.upset_at(*corners.T) == upset).all(), label
    assert any(r"H_{\mathrm{res}}" in text and "0.25" in text for text in written)


@pytest.mark.parametrize("size", [(7, 6), (3.5, 3), (16, 12)])
@pytest.mark.parametrize(("n", "values"), [(1, True), (2, True), (3, True), (3, False)])
def test_texts_do_not_overlap_at_any_size(ax, some_atoms, n, values, size):
    ax.figure.set_size_inches(size)
    plot_information_diagram(some_atoms(n, "FCL"[:n]), 0.1, ax, values=values)
    for a, b in itertools.combinations(boxes(ax).values(), 2):
        assert not a.overlaps(b)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_lines_to_the_names_of_ovals_cross_no_text(ax, some_atoms, n):
    plot_information_diagram(some_atoms(n, "FCL"[:n]), 0.1, ax)
    lines = [line for line in ax.get_children() if isinstance(line, Line2D)]
    assert len(lines) == 2**n - 1
    for box in boxes(ax).values():
        for line in lines:
            start, end = ax.transData.transform(line.get_xydata())
            points = start + np.linspace(0, 1, 100)[:, None] * (end - start)
            assert not any(box.contains(*point) for point in points)


def test_a_line_starts_on_the_outline_that_it_names(ax, some_atoms):
    plot_information_diagram(some_atoms(3), ax=ax)
    on = [line.get_xydata()[0] for line in ax.get_children() if isinstance(line, Line2D)]
    for members, oval in diagram_geometry(3).ovals.items():
        radius = [np.hypot(*p) - float(oval.radius(np.arctan2(p[1:], p[:1]))[0]) for p in on]
        assert np.abs(radius).min() < 1e-9, members


def test_names_of_ovals(ax, some_atoms):
    plot_information_diagram(some_atoms(2, "FC"), ax=ax, target="T")
    assert {"H(T)", "I(T:F)", "I(T:C)", "I(T:F,C)"} <= {t.get_text() for t in texts(ax)}


def test_names_of_columns_in_the_names_of_ovals(ax, some_atoms):
    plot_information_diagram(some_atoms(2), ax=ax, names=["stimulus", "context"], target="spike")
    found = {t.get_text() for t in texts(ax)}
    assert {"H(spike)", "I(spike : stimulus)", "I(spike : context)", "I(spike :\nstimulus,\ncontext)", "{1}{2}\n0.025"} <= found


@pytest.mark.parametrize("n", [1, 2, 3])
def test_long_names_are_inside_the_axis_and_overlap_nothing(ax, some_atoms, n):
    names = ["firing rate of the neighbor", "stimulus_contrast", "$context$ of the trial"][:n]
    plot_information_diagram(some_atoms(n), 0.3, ax, names=names, target="number of spikes in a bin")
    inside = ax.get_window_extent()
    found = boxes(ax)
    for a, b in itertools.combinations(found.values(), 2):
        assert not a.overlaps(b)
    for text, box in found.items():
        assert inside.x0 - 1 <= box.x0, text
        assert box.x1 <= inside.x1 + 1, text
        assert inside.y0 - 1 <= box.y0, text
        assert box.y1 <= inside.y1 + 1, text


def test_a_target_may_have_any_name(ax, xor):
    plot_information_diagram(xor, ax=ax, target="$price_in_US$")
    ax.figure.canvas.draw()
    assert r"H(\$price_in_US\$)" in {t.get_text() for t in texts(ax)}


def test_the_axis_comes_back(ax, xor):
    assert plot_information_diagram(xor, 0.0, ax, title="XOR") is ax
    assert ax.get_title() == "XOR"


def test_an_axis_is_made_where_none_is_given(xor):
    import matplotlib.pyplot as plt

    assert plot_information_diagram(xor).figure.number in plt.get_fignums()


@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_it_saves_as_vectors(xor, tmp_path, style):
    import matplotlib.pyplot as plt

    with plt.style.context(style):
        plot_information_diagram(xor, 0.1, colorbar=False).figure.savefig(tmp_path / "xor.svg")
    assert "<image" not in (tmp_path / "xor.svg").read_text()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"{3}{12}": 0.0}, UnknownAtomError),
        ({"{1}{12}": 0.0}, AntichainError),
        ({"{1}": np.nan}, PlotValueError),
        ({"{1234}": 0.0}, TooManySourcesError),
    ],
)
def test_wrong_atoms_draw_nothing(ax, xor, change, error):
    with pytest.raises(error):
        plot_information_diagram(xor | change, 0.0, ax)
    assert not regions(ax)
    with pytest.raises(error):
        plot_information_diagram(xor | change)
    # The fixture `ax` checks that no figure was opened.


@wrong_on_purpose
@pytest.mark.parametrize("residual", [np.nan, np.inf, "all"])
def test_the_residual_entropy_must_be_finite(ax, xor, residual):
    with pytest.raises(PlotValueError, match="`residual_entropy`"):
        plot_information_diagram(xor, residual, ax)
