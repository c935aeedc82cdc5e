"""A decomposition on one axis, and as a picture."""

import pytest

from infomorphic.errors import TooManySourcesError
from infomorphic.pid import decompose, gates
from infomorphic.plots import PlotValueError, plot_decomposition, save_decomposition
from pid.strategies import random_pmf
from shape_checking import wrong_on_purpose


def decomposition(num_sources):
    return decompose(
        random_pmf(*(2,) * (num_sources + 1)), names=[*("stimulus", "context", "neighbor", "running", "e")[:num_sources], "spike"]
    )


@pytest.mark.parametrize(
    ("num_sources", "kind"),
    [(1, None), (1, "diagram"), (2, None), (2, "lattice"), (2, "bars"), (3, None), (4, None), (4, "bars"), (5, None)],
)
def test_every_kind_names_sources_and_target(ax, num_sources, kind):
    d = decomposition(num_sources)
    assert plot_decomposition(d, ax, kind=kind) is ax
    assert ax.get_title().startswith("Information about spike\n1 = stimulus")
    assert all(name in ax.get_title() for name in d.names.sources)


def test_a_diagram_has_quantities_with_names(ax):
    plot_decomposition(decomposition(2), ax)
    found = {t.get_text() for t in ax.texts} | {t.get_text() for t in ax.findobj(lambda a: hasattr(a, "get_text"))}
    assert "I(spike : stimulus)" in found


@wrong_on_purpose
def test_what_cannot_be_drawn(ax):
    with pytest.raises(PlotValueError, match='`kind` must be "diagram", "lattice" or "bars"; got \'pie\''):
        plot_decomposition(decomposition(2), ax, kind="pie")  # type: ignore[arg-type]
    with pytest.raises(PlotValueError, match="must be one number"):
        plot_decomposition(decompose(random_pmf(3, 2, 2, 2, batch=1), 2), ax)
    with pytest.raises(TooManySourcesError, match="1 to 3 sources"):
        plot_decomposition(decomposition(4), ax, kind="diagram")


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_pictures(tmp_path, suffix):
    save_decomposition(decompose(gates.parity(2), names=("a", "b", "t")), tmp_path / f"x.{suffix}")
    content = (tmp_path / f"x.{suffix}").read_bytes()
    assert len(content) > 1000
    assert b"Only a and b together provide 0.4150 bits about t: synergy." in content


def test_pictures_that_are_not_possible(tmp_path):
    with pytest.raises(PlotValueError, match="PNG, SVG or PDF"):
        save_decomposition(decomposition(2), tmp_path / "x.gif")
    with pytest.raises(PlotValueError, match="at most four sources"):
        save_decomposition(decomposition(5), tmp_path / "x.png")
