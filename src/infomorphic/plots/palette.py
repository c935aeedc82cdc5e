"""The colors of all plots: readable with color blindness, in grayscale, and on light and dark backgrounds."""

import cmath
import colorsys
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import CenteredNorm, LinearSegmentedColormap, to_rgb

from infomorphic.pid.lattice import RedundancyLattice
from infomorphic.plots.atom_values import PlotValueError, finite

Rgb = tuple[float, float, float]

POSITIVE, NEGATIVE, RESIDUAL = "#4393c3", "#d6604d", "#8c8c8c"
"""Colors of bars: mid-tones of the diverging map, and the gray of the residual entropy."""

SERIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#9467bd", "#8c8c8c")
"""One color per decomposition, to compare several. Source: Okabe and Ito 2008, with purple instead of yellow, which does not show on white, and gray instead of black."""

DIVERGING = LinearSegmentedColormap.from_list("infomorphic", colormaps["RdBu"](np.linspace(0.06, 0.94, 255)))
"""Red below zero, near-white at zero, blue above. It omits the ends of `RdBu`, which are so dark that outlines do not show."""

BITS = ("#e8eaed", "#2f3b46", "#f4a582", "#c0392b")
"""Colors of the bits of a state: −1, +1, and the same two where a bit is marked."""

_GREYS = LinearSegmentedColormap.from_list("infomorphic_residual", ["#f4f4f4", "#9c9c9c"])


@dataclass(frozen=True)
class ValueScale:
    """The colors of values in bits: a diverging map centered at zero and symmetric."""

    limit: float
    """The magnitude of the strongest colors. Beyond it, colors stay the same."""

    def color(self, value: float) -> Rgb:
        """The color of an atom."""
        return to_rgb(DIVERGING(min(max(0.5 + 0.5 * value / self.limit, 0.0), 1.0)))

    def gray(self, value: float) -> Rgb:
        """The color of a residual entropy: lightest at zero, darkest at and beyond the limit."""
        return to_rgb(_GREYS(min(abs(value) / self.limit, 1.0)))

    def mappable(self) -> ScalarMappable:
        """The object that a color bar needs."""
        return ScalarMappable(CenteredNorm(0.0, halfrange=self.limit), DIVERGING)


def value_scale(values: Iterable[float], limit: float | None = None) -> ValueScale:
    """The scale up to `limit`, by default the largest magnitude of `values`, or 1 if all are zero.

    Raises:
        PlotValueError: if `limit` is not a positive number.
    """
    if limit is None:
        limit = max((abs(float(v)) for v in values), default=0.0) or 1.0
    elif (limit := finite(limit, "`limit`")) <= 0:
        raise PlotValueError(f"`limit` must be positive; got {limit}. The colors range from -limit to +limit.")
    return ValueScale(limit)


def text_color(background: Rgb) -> str:
    """Black or white, whichever has the higher contrast with `background`.

    Source: Web Content Accessibility Guidelines 2.2, relative luminance and contrast ratio.
    """
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in background]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if (luminance + 0.05) ** 2 > 0.05 * 1.05 else "white"


def distinct_colors(lattice: RedundancyLattice) -> list[Rgb]:
    """A distinct color for every antichain of 1 to 3 sources.

    The hue shows which sources an atom favors (gray if none). The lightness shows its height in the lattice.
    """
    hue = np.exp(2j * np.pi * (np.arange(lattice.num_sources) / lattice.num_sources + 0.58))
    top = max(1, lattice.upsets[0].bit_count() - 1)
    colors: list[Rgb] = []
    for antichain, upset in zip(lattice.antichains, lattice.upsets, strict=True):
        favored = complex(sum(hue[list(members)].mean() for members in antichain))
        height = 1 - (upset.bit_count() - 1) / top
        angle = (cmath.phase(favored) / (2 * cmath.pi)) % 1
        saturation = 0.0 if abs(favored) < 1e-9 else 0.75 - 0.1 * height
        colors.append(colorsys.hls_to_rgb(angle, 0.45 + 0.45 * height, saturation))
    return colors
