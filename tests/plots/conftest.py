"""Axes that pyplot does not know, and atoms to draw."""

import matplotlib as mpl
import numpy as np
import pytest

mpl.use("Agg")

import matplotlib.pyplot as plt

from infomorphic.pid.lattice import redundancy_lattice

XOR = {"{1}{2}": -0.585, "{1}": 0.585, "{2}": 0.585, "{12}": 0.415}


@pytest.fixture(autouse=True)
def no_figure_is_left_behind():
    """A plot on an axis of one's own opens no figure; the figures that a test asks for are closed after it."""
    plt.close("all")  # tests elsewhere in this process may have left some
    yield
    plt.close("all")


@pytest.fixture
def ax():
    """An axis of a figure that pyplot does not know; fails the test that made pyplot open one."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 6), layout="constrained")
    FigureCanvasAgg(figure)
    yield figure.subplots()
    assert plt.get_fignums() == []


@pytest.fixture
def some_atoms():
    """Random atoms of `n` sources by label."""

    def make(n: int, names: str | None = None, seed: int = 0) -> dict[str, float]:
        lattice = redundancy_lattice(n)
        return dict(zip(lattice.labels(names), np.random.default_rng(seed).normal(size=len(lattice)) / 5, strict=True))

    return make


@pytest.fixture
def xor() -> dict[str, float]:
    """The shared-exclusion atoms of an XOR gate with two fair inputs, to three decimals."""
    return dict(XOR)
