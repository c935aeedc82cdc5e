"""A fixed random hidden layer with step-function neurons, and a trained readout: the baseline.

Source: arXiv:2412.02482, A.3.
"""

from typing import ClassVar

import torch

from infomorphic.layers import Feedforward, InfomorphicLayer, Inputs
from infomorphic.layers.patches import from_image
from infomorphic.networks.network import Classifier, InfomorphicNetwork, Wiring
from infomorphic.networks.readout import readout_layer, readout_wiring
from infomorphic.networks.settings import InfomorphicReadout, Neurons, Patch


class Settings(InfomorphicReadout):
    """Settings of a network with a random hidden layer."""

    publication: ClassVar[str] = "arXiv:2412.02482"

    hidden: Neurons = 100
    """Number of hidden neurons."""
    patch: Patch = None
    """Height and width of the patch of the image that each hidden neuron receives, at a random position of its own; null for the whole image."""

    def num_weights(self, num_inputs: int, num_classes: int) -> int:
        return self.hidden * (num_inputs + num_classes)


def build(settings: Settings, inputs: Inputs, num_classes: int, generator: torch.Generator) -> Classifier:
    """Hidden neurons output the sign of a random projection of the image and never learn."""
    hidden = InfomorphicLayer(settings.hidden, {"F": from_image(inputs, settings.patch)}, Feedforward(), generator=generator)
    network = InfomorphicNetwork(
        {"hidden": hidden, "readout": readout_layer(settings.hidden, num_classes, generator)},
        {
            "hidden": Wiring({"F": "input"}, output="mode"),
            "readout": readout_wiring(settings.readout_goal, "hidden", settings.readout_bins, settings.measure),
        },
        presentations=1,
    )
    return Classifier(network, num_classes)
