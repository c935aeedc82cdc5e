"""Positions in a Hasse diagram."""

import numpy as np
import pytest

from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.plots.hasse_layout import count_crossings, hasse_edges, hasse_positions


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_edges_go_up_one_level(n):
    level = hasse_positions(n)[:, 1]
    low, high = hasse_edges(redundancy_lattice(n)).T
    assert (level[high] - level[low] == 1).all()


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_every_antichain_has_a_place_of_its_own(n):
    places = hasse_positions(n)
    assert len({tuple(p) for p in places}) == len(redundancy_lattice(n))
    for level in np.unique(places[:, 1]):
        x = np.sort(places[places[:, 1] == level, 0])
        assert np.diff(x) == pytest.approx(1.0)
        assert x.mean() == pytest.approx(0.0)


def test_two_sources_cross_nowhere():
    assert count_crossings(redundancy_lattice(2), hasse_positions(2)[:, 0]) == 0


def test_three_sources_cross_little():
    """Each cube between {1}{2}{3} and {12}{13}{23} has two crossings, and so above; the middle level adds two on each side."""
    assert count_crossings(redundancy_lattice(3), hasse_positions(3)[:, 0]) <= 8


def test_four_sources_cross_less_than_in_lattice_order():
    lattice = redundancy_lattice(4)
    places = hasse_positions(4)
    unordered = np.zeros(len(lattice))
    for level in np.unique(places[:, 1]):
        at = np.flatnonzero(places[:, 1] == level)
        unordered[at] = np.arange(len(at))
    assert count_crossings(lattice, places[:, 0]) < 0.8 * count_crossings(lattice, unordered)


def test_crossings_are_counted():
    lattice = redundancy_lattice(2)
    assert count_crossings(lattice, np.array([0.0, -1.0, 1.0, 0.0])) == 0
    lattice = redundancy_lattice(3)
    straight = hasse_positions(3)[:, 0]
    swapped = straight.copy()
    i, j = lattice.parse("{1}{2}"), lattice.parse("{2}{3}")
    swapped[[i, j]] = swapped[[j, i]]
    assert count_crossings(lattice, swapped) > count_crossings(lattice, straight)
