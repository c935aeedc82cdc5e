"""Local receptive fields: each neuron receives one square patch of an image, at a position of its own."""

from dataclasses import dataclass

import torch
from torch import nn

from infomorphic.errors import ConfigurationError
from infomorphic.layers.connections import AllToAll, Bias, Connectivity, FewInputs, Inputs


@dataclass(frozen=True)
class Patches(Connectivity):
    """Each neuron receives the pixels of a square patch, with all their channels. Its position is drawn from all that fit into the image.

    Weights are initialized as in `torch.nn.Linear` with the values of a patch as inputs, times `scale`. The product is that of a dense
    matrix with zeros outside the patches, which for patches of a quarter of the image is as fast as all-to-all and faster than a sparse one.

    Raises:
        ConfigurationError: when built, if the inputs are not an image, or the patch does not fit into it.
    """

    inputs: Inputs
    """The shape of an image: (height, width), or (height, width, channels)."""
    side: int
    """Height and width of a patch in pixels."""
    bias: Bias = True
    scale: float = 1.0

    def build(self, num_neurons: int, generator: torch.Generator | None = None) -> nn.Module:
        if isinstance(self.inputs, int) or len(self.inputs) not in (2, 3):
            raise ConfigurationError("patches need images with a height and a width; these inputs have none. Leave `patch` out.")
        height, width = self.inputs[:2]
        if not 1 <= self.side <= min(height, width):
            raise ConfigurationError(
                f"`patch` must be at least 1 and at most {min(height, width)}, to fit into the image; got {self.side}."
            )
        top = torch.randint(height - self.side + 1, (num_neurons,), generator=generator)
        left = torch.randint(width - self.side + 1, (num_neurons,), generator=generator)
        pixels = torch.arange(torch.Size(self.inputs).numel()).reshape(height, width, -1)
        # All patches, without a copy: (top, left, channels, rows, columns).
        patches = pixels.unfold(0, self.side, 1).unfold(1, self.side, 1)
        index = patches[top, left].permute(0, 2, 3, 1).flatten(1)
        return FewInputs(index, self.inputs, bias=self.bias, scale=self.scale, generator=generator)


def from_image(inputs: Inputs, patch: int | None, bias: Bias = True) -> Connectivity:
    """The feedforward connections of a layer: from a patch of this side, or from all inputs if there is none."""
    return AllToAll(inputs, bias) if patch is None else Patches(inputs, patch, bias)
