"""Regions of the information diagram: areas that exist, and text inside them."""

import itertools

import numpy as np
import pytest

from infomorphic.errors import TooManySourcesError
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.plots.diagram_geometry import RIM, Oval, diagram_geometry

GRID = 701


def grid(points=GRID):
    side = np.linspace(-RIM, RIM, points)
    return np.meshgrid(side, side)


def pieces(mask):
    """Sizes of the 4-connected pieces of a mask, largest first, without specks of a few pixels between two curves."""
    left, sizes = mask.copy(), []
    while left.any():
        front = np.zeros_like(left)
        front[tuple(np.argwhere(left)[0])] = True
        size = 0
        left &= ~front
        while front.any():
            size += int(front.sum())
            spread = np.zeros_like(front)
            spread[1:] |= front[:-1]
            spread[:-1] |= front[1:]
            spread[:, 1:] |= front[:, :-1]
            spread[:, :-1] |= front[:, 1:]
            front = spread & left
            left &= ~front
        sizes.append(size)
    return sorted((s for s in sizes if s > 4), reverse=True)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_every_point_belongs_to_an_antichain_or_to_the_ring(n):
    upsets = diagram_geometry(n).upset_at(*grid())
    assert set(np.unique(upsets)) == {0, *redundancy_lattice(n).upsets}


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_region_lies_in_the_ovals_that_the_definition_names(n):
    """An atom α lies in the oval of a set exactly if the set contains a member of α."""
    geometry, lattice = diagram_geometry(n), redundancy_lattice(n)
    x, y = grid()
    upsets = geometry.upset_at(x, y)
    for antichain, upset in zip(lattice.antichains, lattice.upsets, strict=True):
        region = upsets == upset
        for size in range(1, n + 1):
            for chosen in itertools.combinations(range(n), size):
                inside = any(set(members) <= set(chosen) for members in antichain)
                assert (geometry.ovals[sum(1 << i for i in chosen)].contains(x[region], y[region]) == inside).all()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_every_region_has_a_readable_area(n):
    geometry = diagram_geometry(n)
    upsets = geometry.upset_at(*grid())
    pixel = (2 * RIM / (GRID - 1)) ** 2
    for upset in redundancy_lattice(n).upsets:
        assert (upsets == upset).sum() * pixel > 0.02 * np.pi * RIM**2 / 2


def test_regions_are_in_one_piece_except_the_one_that_cannot():
    lattice = redundancy_lattice(3)
    upsets = diagram_geometry(3).upset_at(*grid(351))
    for label, upset in zip(lattice.labels(), lattice.upsets, strict=True):
        found = pieces(upsets == upset)
        assert len(found) == (3 if label == "{12}{13}{23}" else 1), label
        assert max(found) < 1.1 * min(found), "pieces of one size"


def test_three_sources_have_threefold_symmetry():
    geometry = diagram_geometry(3)
    x, y = (np.random.default_rng(0).uniform(-RIM, RIM, 4000) for _ in range(2))
    c, s = np.cos(-2 * np.pi / 3), np.sin(-2 * np.pi / 3)
    turned = geometry.upset_at(c * x - s * y, s * x + c * y)
    next_source = {members: sum(1 << (i + 1) % 3 for i in range(3) if members >> i & 1) for members in geometry.ovals}
    expected = sum(((geometry.upset_at(x, y) >> members) & 1) << next_source[members] for members in geometry.ovals)
    assert (turned == expected).all()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_ovals_are_nested_with_a_visible_gap(n):
    radii = diagram_geometry(n).radii
    for small, large in itertools.permutations(radii, 2):
        if small & large == small:
            assert (radii[large] - radii[small]).min() > 0.02
    assert (RIM - radii[2**n - 1]).min() > 0.05


@pytest.mark.parametrize("n", [1, 2, 3])
def test_redundancy_outlines_hold_the_regions_below(n):
    """The intersection of the ovals of the members of α is the union of the regions of all β ⪯ α."""
    geometry, lattice = diagram_geometry(n), redundancy_lattice(n)
    x, y = grid()
    upsets, distance = geometry.upset_at(x, y), np.hypot(x, y)
    angle = np.arctan2(y, x) % (2 * np.pi)
    for antichain in lattice.antichains:
        curve = geometry.redundancy_outline(antichain)
        # The outline is star-shaped around the origin, so inside means closer than the outline in the same direction.
        inside = distance < np.interp(angle, np.arange(721) / 720 * 2 * np.pi, [*np.hypot(*curve.T), np.hypot(*curve[0])])
        below = np.isin(upsets, [lattice.upsets[i] for i in lattice.down_set(antichain)])
        assert (inside != below).mean() < 1e-3


def test_the_radius_of_an_ellipse_is_exact():
    oval = Oval(angle=0.3, offset=0.0, along=0.5, across=0.25)
    assert oval.radius(np.array([0.3, 0.3 + np.pi / 2])) == pytest.approx([0.5, 0.25], abs=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_text_fits_where_there_is_room(n):
    geometry = diagram_geometry(n)
    for upset in redundancy_lattice(n).upsets:
        x, y, size = geometry.room_for(upset, 3.0, 2.2)
        across, up = np.meshgrid(np.linspace(-1.5, 1.5, 15) * size, np.linspace(-1.1, 1.1, 15) * size)
        assert size > 0.045
        # Outlines are held as points: a corner of the box may stand out between two of them. Texts fill less of the box than this.
        assert (geometry.upset_at(x + 0.9 * across, y + 0.9 * up) == upset).all()


def test_no_geometry_for_more_than_three():
    with pytest.raises(TooManySourcesError):
        diagram_geometry(4)
