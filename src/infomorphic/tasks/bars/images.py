"""Images of bars, and patches of natural images: the inputs of unsupervised layers."""

from typing import Annotated, Literal, NamedTuple

import torch
from jaxtyping import Bool, Float, Num
from pydantic import Field
from torch import Tensor

from infomorphic.errors import ConfigurationError
from infomorphic.networks.about import DEFAULT, About
from infomorphic.networks.settings import Real, Settings, Whole

MAX_ENUMERATED = 16
"""Largest number of bars whose patterns are all enumerated: 2^16 images."""


class BarImages(NamedTuple):
    """Images, and which bars are on in each."""

    images: Float[Tensor, "images pixels"]
    bars: Bool[Tensor, "images bars"]


class Bars(Settings):
    """Square images of bars, each on or off independently.

    A pixel is +1 where a bar is on and −1 where it is off. Where a horizontal and a vertical bar cross, the pixel is on if either is
    (`overlap="union"`, so a bar may be hidden), or it is the mean of the two, and 0 where they differ (`overlap="sum"`). Horizontal
    bars come first, from the top; then vertical ones, from the left.

    Source: arXiv:2306.02149 for eight horizontal bars with p = 0.5.
    """

    size: Annotated[Whole, Field(ge=1, le=1000), About(unit="pixels", published=DEFAULT)] = 8
    """Pixels along a side, and bars of each orientation."""
    orientation: Annotated[Literal["horizontal", "vertical", "both"], About(published=DEFAULT)] = "horizontal"
    """Which bars there are."""
    p: Annotated[Real, Field(gt=0, lt=1), About(published=DEFAULT)] = 0.5
    """The probability that a bar is on."""
    overlap: Literal["union", "sum"] = "union"
    """The pixel where a horizontal and a vertical bar cross: union, on if either is on; sum, the mean of the two."""
    noise: Annotated[Real, Field(ge=0, lt=1)] = 0.0
    """The fraction of pixels whose sign is inverted, drawn anew for each image."""

    @property
    def num_pixels(self) -> int:
        """Number of pixels per image."""
        return self.size**2

    @property
    def num_bars(self) -> int:
        """Number of possible bars in an image."""
        return self.size * (2 if self.orientation == "both" else 1)

    def sample(self, count: int, generator: torch.Generator | None = None) -> BarImages:
        """Independent images."""
        bars = torch.rand(count, self.num_bars, generator=generator) < self.p
        return BarImages(self.draw(bars, generator), bars)

    def every(self) -> BarImages:
        """One image of each of the 2^num_bars patterns, without noise; the first bar changes slowest.

        Raises:
            ConfigurationError: if there are more than `MAX_ENUMERATED` bars.
        """
        if self.num_bars > MAX_ENUMERATED:
            raise ConfigurationError(f"`num_bars` must be at most {MAX_ENUMERATED} to enumerate all patterns; got {self.num_bars}.")
        place = torch.arange(self.num_bars - 1, -1, -1)
        bars = (torch.arange(2**self.num_bars)[:, None] >> place & 1).bool()
        return BarImages(self.model_copy(update={"noise": 0.0}).draw(bars), bars)

    def probability(self, bars: Bool[Tensor, "images bars"]) -> Float[Tensor, " images"]:
        """The probability of each pattern of bars."""
        on = bars.sum(1, dtype=torch.float64)
        return self.p**on * (1 - self.p) ** (self.num_bars - on)

    def draw(self, bars: Bool[Tensor, "images bars"], generator: torch.Generator | None = None) -> Float[Tensor, "images pixels"]:
        """The images of given patterns; the generator draws the noise."""
        if bars.shape[1] != self.num_bars:
            raise ConfigurationError(f"`bars` must have {self.num_bars} columns, one per bar; got {bars.shape[1]}.")
        value = 2.0 * bars.float() - 1
        rows, columns = value[:, : self.size, None], value[:, -self.size :, None].mT
        if self.orientation == "horizontal":
            images = rows.expand(-1, -1, self.size)
        elif self.orientation == "vertical":
            images = columns.expand(-1, self.size, -1)
        else:
            images = torch.maximum(rows, columns) if self.overlap == "union" else (rows + columns) / 2
        images = images.flatten(1)
        if not self.noise:
            return images.contiguous()
        return torch.where(torch.rand(images.shape, generator=generator) < self.noise, -images, images)


def patches(
    images: Num[Tensor, "images pixels"], shape: tuple[int, int], size: int, count: int, generator: torch.Generator | None = None
) -> Float[Tensor, "patches patch_pixels"]:
    """Square patches at random places of random images, each with mean 0 and deviation 1.

    Patches whose pixels are all equal, such as the margin of a digit, have no contrast and are drawn again.

    Args:
        images: one per row; integers or real numbers.
        shape: (height, width) of an image.
        size: pixels along a side of a patch.
        count: number of patches.
        generator: draws images and places.

    Raises:
        ConfigurationError: if a patch is larger than the images, the images do not have the shape, or too few of 20 · count draws have contrast.
    """
    height, width = shape
    if images.shape[1] != height * width:
        raise ConfigurationError(f"`shape` must have {images.shape[1]} pixels, as the images have; got {height} × {width}.")
    if not 2 <= size <= min(height, width):
        raise ConfigurationError(f"`size` must be from 2 to {min(height, width)}, the shorter side of the images; got {size}.")
    windows = images.view(-1, height, width).unfold(1, size, 1).unfold(2, size, 1)
    found: list[Tensor] = []
    for _ in range(20):
        chosen = [torch.randint(n, (count,), generator=generator) for n in windows.shape[:3]]
        drawn = windows[tuple(chosen)].flatten(1).float()
        drawn = drawn - drawn.mean(1, keepdim=True)
        deviation = drawn.square().mean(1, keepdim=True).sqrt()
        shows = deviation[:, 0] > 1e-6
        found.append(drawn[shows] / deviation[shows])
        if sum(map(len, found)) >= count:
            return torch.cat(found)[:count]
    raise ConfigurationError(f"`images` must have contrast; only {sum(map(len, found))} of {20 * count} patches of {size} pixels have any.")
