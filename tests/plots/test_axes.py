"""Names of users are no formulas and are not left out."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from infomorphic.pid import decompose, gates
from infomorphic.plots import plot_atoms, plot_confusion, plot_curves, save_decomposition
from infomorphic.plots.axes import as_written, label_of, short_name

NAME = r"cost $a_b$ \frac{"


def shown(figure):
    """What the texts of a drawn figure show, and whether one of them is set as a formula."""
    figure.draw_without_rendering()
    texts = [t for t in figure.findobj(match=lambda a: hasattr(a, "_preprocess_math")) if t.get_text()]
    return [t._preprocess_math(t.get_text()) for t in texts]


def test_a_name_is_shown_as_it_is():
    for name in (NAME, "$", "$$", r"a\$b$c$", "_x", "a_b^c"):
        text = Figure().text(0, 0, as_written(name))
        assert text._preprocess_math(text.get_text()) == (name, False)
    assert label_of("_x") == " _x"


def test_long_names_are_shortened():
    assert short_name("stimulus contrast") == "stimulus contrast"
    assert short_name("firing rate of the neighbor [Hz]") == "firing rate of th…"


@pytest.mark.parametrize("num_sources", [1, 2, 3, 4])
def test_decompositions_with_any_names(tmp_path, num_sources):
    d = decompose(gates.parity(num_sources), names=[*[NAME] * num_sources, "$t_1$ [/s]"])
    save_decomposition(d, tmp_path / "x.svg")
    assert (tmp_path / "x.svg").stat().st_size > 1000


def test_classes_curves_and_legends_with_any_names():
    names = [NAME, "_hidden", "$x$"]
    ax = plot_confusion(np.eye(3, dtype=int), names, title=NAME)
    assert {(n, False) for n in names} <= set(shown(ax.figure))
    ax = plot_curves([0, 1], {name: [0.0, 1.0] for name in names}, title=NAME)
    assert {(NAME, False), (" _hidden", False), ("$x$", False)} <= set(shown(ax.figure))
    ax = plot_atoms({name: {"{1}": 0.5} for name in names}, title=NAME)
    assert {(NAME, False), (" _hidden", False), ("$x$", False)} <= set(shown(ax.figure))
    plt.close("all")
