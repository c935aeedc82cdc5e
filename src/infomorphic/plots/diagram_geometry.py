"""The shapes of an information diagram, and the positions where text fits.

Every set s of sources has an oval, which lies inside the ovals of its supersets. So the sets whose ovals contain a given point
form the up-set of one antichain, and the point belongs to the region of this antichain. All ovals are convex and contain the
origin. So the intersection of the ovals of the members of α is convex. It consists of exactly the regions of the antichains
β ⪯ α: it is the shape of the redundancy I∩(α). Painting these shapes from the top of the lattice down leaves every region visible.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from jaxtyping import Bool, Float64, Int64

from infomorphic.errors import TooManySourcesError
from infomorphic.pid.antichains import Antichain

Curve = Float64[np.ndarray, "points 2"]

RIM = 1.0
"""Radius of the circle of H(Y)."""

_ANGLES = np.linspace(0.0, 2 * np.pi, 720, endpoint=False)
_BISECTIONS = 48
_SEARCH_POINTS = 51  # odd, so that the search includes the axes of symmetry
_ALL_PAIRS = 0b11101000  # the sets {12}, {13}, {23} and {123}


@dataclass(frozen=True)
class Oval:
    """|u / along|^exponent + |v / across|^exponent < 1: an ellipse or, for exponents above 2, a fuller shape.

    The center is `offset` away from the origin in the direction `angle` (radians). u is measured from the center in this direction,
    v perpendicular to it. The half with u < 0 may have its own length and exponent, like an egg.
    """

    angle: float
    offset: float
    along: float
    across: float
    exponent: float = 2.0
    along_behind: float | None = None
    exponent_behind: float | None = None

    def contains(self, x: Float64[np.ndarray, "*points"], y: Float64[np.ndarray, "*points"]) -> Bool[np.ndarray, "*points"]:
        """Whether each point lies inside the oval."""
        c, s = np.cos(self.angle), np.sin(self.angle)
        u, v = x * c + y * s - self.offset, y * c - x * s
        along = np.where(u < 0, self.along_behind or self.along, self.along)
        exponent = np.where(u < 0, self.exponent_behind or self.exponent, self.exponent)
        return np.abs(u / along) ** exponent + np.abs(v / self.across) ** exponent < 1.0

    def radius(self, angle: Float64[np.ndarray, "*angles"]) -> Float64[np.ndarray, "*angles"]:
        """Distance of the outline from the origin in each direction. The origin must lie inside the oval."""
        inside, outside = np.zeros_like(angle), np.full_like(angle, 2.0)
        for _ in range(_BISECTIONS):
            middle = (inside + outside) / 2
            within = self.contains(middle * np.cos(angle), middle * np.sin(angle))
            inside, outside = np.where(within, middle, inside), np.where(within, outside, middle)
        return inside


@dataclass(frozen=True, eq=False)
class DiagramGeometry:
    """The ovals of all sets of `num_sources` sources, in a circle of radius `RIM`. Build one with `diagram_geometry(n)`."""

    num_sources: int
    ovals: dict[int, Oval]
    """The ovals by set of sources, as a bit mask (source i is bit i); the largest set last."""

    def upset_at(self, x: Float64[np.ndarray, "*points"], y: Float64[np.ndarray, "*points"]) -> Int64[np.ndarray, "*points"]:
        """The sets whose ovals contain each point, as in `RedundancyLattice.upsets`; 0 outside all ovals."""
        upset = np.zeros(np.shape(x), dtype=np.int64)
        for members, oval in self.ovals.items():
            upset |= oval.contains(x, y).astype(np.int64) << members
        return upset

    @cached_property
    def radii(self) -> dict[int, Float64[np.ndarray, " angles"]]:
        """The outline of every oval, as distances from the origin in evenly spaced directions."""
        return {members: oval.radius(_ANGLES) for members, oval in self.ovals.items()}

    def outline(self, members: int) -> Curve:
        """The outline of the oval of a set (a bit mask)."""
        return _curve(self.radii[members])

    def redundancy_outline(self, antichain: Antichain) -> Curve:
        """The outline of the intersection of the ovals of the members of α, which encloses the regions of all β ⪯ α."""
        return _curve(np.min([self.radii[sum(1 << i for i in members)] for members in antichain], axis=0))

    @cached_property
    def rim(self) -> Curve:
        """The outline of H(Y)."""
        return _curve(np.full(len(_ANGLES), RIM))

    @cached_property
    def _outline_points(self) -> Curve:
        return np.concatenate([self.rim, *(self.outline(members) for members in self.ovals)])[::4]

    def pieces(self, upset: int) -> tuple[tuple[float, float], ...]:
        """The sectors (first and last angle) of the pieces of a region: one piece, but three for {12}{13}{23}."""
        if self.num_sources == 3 and upset == _ALL_PAIRS:
            return tuple((middle - np.pi / 3, middle + np.pi / 3) for middle in (-np.pi / 2, np.pi / 6, 5 * np.pi / 6))
        return ((-np.pi, np.pi),)

    @lru_cache  # noqa: B019 - geometries live as long as the process, see `diagram_geometry`
    def room_for(self, upset: int, width: float, height: float, piece: int = 0) -> tuple[float, float, float]:
        """The best position and the largest size of a text with the given proportions in the region of an up-set.

        The position is the pole of inaccessibility of the region, with distances measured by boxes instead of disks.

        Args:
            upset: the region, as in `upset_at`.
            width: width of the text, in font sizes.
            height: height of the text, in font sizes.
            piece: index in `pieces` of the region.

        Returns:
            The center (x, y) of the text and the largest font size.
        """
        first, last = self.pieces(upset)[piece]
        step = 2 * RIM / _SEARCH_POINTS
        side = np.arange(-RIM + step / 2, RIM, step)
        points = np.stack(np.meshgrid(side, side, indexing="ij"), axis=-1).reshape(-1, 2)
        best = np.zeros(3)
        for _ in range(4):
            sector = (np.arctan2(points[:, 1], points[:, 0]) - first) % (2 * np.pi) <= last - first
            points = points[(self.upset_at(*points.T) == upset) & sector]
            across, along = (
                np.abs(np.subtract.outer(points[:, i], self._outline_points[:, i]) * (2 / (width, height)[i])) for i in range(2)
            )
            size = np.maximum(across, along).min(-1)
            # Of equally good positions, take the one in the middle. Rounding makes the first of two mirror images win.
            good = size > 0.99 * size.max()
            off_center = np.hypot(*(points - points[good].mean(0)).T).round(6)
            winner = int(np.argmin(np.where(good, off_center, np.inf)))
            best = np.array([*points[winner], size[winner]])
            offsets = np.linspace(-step, step, 9)
            points = best[:2] + np.stack(np.meshgrid(offsets, offsets), axis=-1).reshape(-1, 2)
            step /= 4
        return float(best[0]), float(best[1]), float(best[2])


@lru_cache
def diagram_geometry(num_sources: int) -> DiagramGeometry:
    """The ovals for one, two or three sources.

    With three sources, the first is at the top and the others follow clockwise. Rotating the diagram by 120° permutes the sources.
    The dimensions come from a random search that maximized the smallest font size at which label and value fit into their regions,
    with every region in one piece. The exception is {12}{13}{23}, which has three pieces: symmetric diagrams have {1}{2}{3} in the
    middle, and around it the oval of each single source extends beyond the oval of the other two sources' pair.

    Raises:
        TooManySourcesError: if `num_sources` is not between 1 and 3.
    """
    if not 1 <= num_sources <= 3:
        raise TooManySourcesError(f"information diagrams have 1 to 3 sources; got {num_sources}. Use a Hasse diagram.")
    top = np.pi / 2
    if num_sources == 1:
        return DiagramGeometry(1, {0b1: Oval(top, 0.0, 0.8, 0.8)})
    if num_sources == 2:
        left, right = Oval(np.pi, 0.25, 0.43, 0.43), Oval(0.0, 0.25, 0.43, 0.43)
        return DiagramGeometry(2, {0b01: left, 0b10: right, 0b11: Oval(0.0, 0.0, 0.88, 0.74, 2.2)})
    directions = [top - 2 * np.pi * i / 3 for i in range(3)]
    singles = {1 << i: Oval(angle, 0.239, 0.375, 0.321, 2.3) for i, angle in enumerate(directions)}
    pairs = {0b111 ^ 1 << i: Oval(angle + np.pi, 0.157, 0.684, 0.719, 2.0, 0.597, 2.7) for i, angle in enumerate(directions)}
    return DiagramGeometry(3, singles | pairs | {0b111: Oval(top, 0.0, 0.92, 0.92)})


def _curve(radius: Float64[np.ndarray, " angles"]) -> Curve:
    return np.stack([radius * np.cos(_ANGLES), radius * np.sin(_ANGLES)], axis=-1)
