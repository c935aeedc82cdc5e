"""Curves of memories over their load."""

import numpy as np
import pytest

from infomorphic.plots import PlotValueError, plot_memory_basin, plot_memory_capacity, plot_memory_information
from infomorphic.tasks.memory.scan import BasinTrial, CapacityTrial, InformationTrial

CAPACITY = [
    CapacityTrial("hebb", 100, 0.2, 0, 0.8, 0.5, 0.1),
    CapacityTrial("hebb", 100, 0.1, 0, 1.0, 1.0, 0.1),
    CapacityTrial("hebb", 100, 0.2, 1, 0.6, 0.4, 0.1),
    CapacityTrial("{F}{C}", 100, 0.1, 0, 1.0, 1.0, 9.0),
]


def lines(ax):
    return {line.get_label(): line for line in ax.get_lines() if not line.get_label().startswith("_")}


def test_the_score_is_the_mean_over_seeds_at_each_load_in_order(ax):
    assert plot_memory_capacity(CAPACITY, ax) is ax
    assert list(lines(ax)) == ["hebb", "{F}{C}"]
    np.testing.assert_allclose(lines(ax)["hebb"].get_xydata(), [[0.1, 1.0], [0.2, 0.7]])
    assert lines(ax)["hebb"].get_color() != lines(ax)["{F}{C}"].get_color()


def test_the_band_spans_the_seeds(ax):
    plot_memory_capacity(CAPACITY[:3], ax)
    (path,) = ax.collections[0].get_paths()
    at_load = path.vertices[np.isclose(path.vertices[:, 0], 0.2)]
    assert (at_load[:, 1].min(), at_load[:, 1].max()) == (0.6, 0.8)


def test_rows_of_a_table_are_read_alike(ax):
    plot_memory_capacity([{k: str(v) for k, v in trial._asdict().items()} for trial in CAPACITY], ax)
    np.testing.assert_allclose(lines(ax)["hebb"].get_xydata(), [[0.1, 1.0], [0.2, 0.7]])


def test_no_basin_is_left_out_or_counts_as_zero_beside_one(ax):
    rows = [("hebb", 100, 0.1, 0, 0.3), ("hebb", 100, 0.2, 0, 0.2), ("hebb", 100, 0.2, 1, None), ("hebb", 100, 0.3, 0, None)]
    plot_memory_basin([BasinTrial(*row) for row in rows], ax)
    np.testing.assert_allclose(lines(ax)["hebb"].get_xydata(), [[0.1, 0.3], [0.2, 0.1]])


def test_every_atom_is_a_line(ax):
    rows = [InformationTrial("hebb", 100, load, 0, 0.9 - load, 0.01, 0.02, load, 0.1) for load in (0.2, 0.1)]
    plot_memory_information(rows, ax)
    drawn = lines(ax)
    assert len(drawn) == 5
    assert ax.get_legend().get_texts()[-1].get_text() == r"$H_{\mathrm{res}}$"
    np.testing.assert_allclose(drawn["redundancy {F}{C}"].get_xydata(), [[0.1, 0.8], [0.2, 0.7]])
    np.testing.assert_allclose(drawn["synergy {FC}"].get_xydata(), [[0.1, 0.1], [0.2, 0.2]])


def test_atoms_are_of_one_method(ax):
    rows = [InformationTrial(method, 100, 0.1, 0, 1, 0, 0, 0, 0) for method in ("hebb", "storkey")]
    with pytest.raises(PlotValueError, match="`method` must be given if rows have several methods; got hebb, storkey"):
        plot_memory_information(rows, ax)
    with pytest.raises(PlotValueError, match="no rows of 'hebbian'; there are hebb, storkey"):
        plot_memory_information(rows, ax, method="hebbian")
    assert len(lines(plot_memory_information(rows, ax, method="storkey"))) == 5


def test_rows_are_checked(ax):
    with pytest.raises(PlotValueError, match="there are no rows"):
        plot_memory_capacity([], ax)
    with pytest.raises(PlotValueError, match="rows must have 'score'; got method, load"):
        plot_memory_capacity([{"method": "hebb", "load": 0.1}], ax)
