"""`RandomShifts`: shift every image by a few pixels, each by its own amount, drawn anew in every epoch."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.errors import DataError


class RandomShifts:
    """Shifts of single images by up to `most` pixels in each direction; all (2 · most + 1)² shifts are equally probable.

        shifted[row, column] = image[row − down, column − right]

    Rows and columns outside the image repeat its edge. For images with an empty edge, such as MNIST, these are empty pixels.

    Args:
        image_shape: (height, width), or (height, width, channels).
        most: the largest shift in each direction, in pixels.

    Raises:
        DataError: if inputs are not images, or smaller than the shift.
    """

    def __init__(self, image_shape: tuple[int, ...] | None, most: int):
        if image_shape is None or len(image_shape) < 2:
            raise DataError("inputs must be images to be shifted; these have no height and width. Leave `data.shift` at 0.")
        self.height, self.width, self.channels = (*image_shape, 1)[:3]
        if not 1 <= most < min(self.height, self.width):
            raise DataError(
                f"a shift must be at least 1 and smaller than the images, which have {self.height} × {self.width} pixels; got {most}."
            )
        self.most = most

    def draw(self, images: int, generator: torch.Generator) -> Int64[Tensor, "images 2"]:
        """Draw for each of a number of images how far it moves down and right, in pixels."""
        return torch.randint(-self.most, self.most + 1, (images, 2), generator=generator)

    def __call__(self, images: Float[Tensor, "batch features"], shifts: Int64[Tensor, "batch 2"]) -> Float[Tensor, "batch features"]:
        """The images, each with its own shift."""
        most, row = self.most, self.width * self.channels
        rows = torch.arange(-most, self.height + most, device=images.device).clamp(0, self.height - 1)
        columns = torch.arange(-most, self.width + most, device=images.device).clamp(0, self.width - 1)
        pixels = (columns[:, None] * self.channels + torch.arange(self.channels, device=images.device)).flatten()
        padded = images.reshape(-1, self.height, row)[:, rows][:, :, pixels]
        # All windows of the padded images, without a copy; of each image one is taken.
        windows = padded.unfold(1, self.height, 1).unfold(2, row, self.channels)
        down, right = (most - shifts.to(images.device)).unbind(1)
        return windows[torch.arange(len(images), device=images.device), down, right].flatten(1)
