"""An ordinary feedforward network: ReLU neurons and a linear readout, trained by backpropagation of the cross entropy with Adam.

It shows what the number of neurons, the data and the training protocol allow without stochastic, binary or local neurons.
"""

from typing import ClassVar

import torch

from infomorphic.layers import AllToAll, Feedforward, InfomorphicLayer, Inputs
from infomorphic.layers.patches import from_image
from infomorphic.networks.backprop import Backpropagated
from infomorphic.networks.network import InfomorphicNetwork, Wiring
from infomorphic.networks.settings import ClassifierSettings, Learning, Neurons, Optimizer, Patch


class Settings(ClassifierSettings):
    """Settings of an ordinary network."""

    learning: ClassVar[Learning] = "backprop"

    hidden: Neurons = 100
    """Number of hidden neurons."""
    patch: Patch = None
    """Height and width of the patch of the image that each hidden neuron receives, at a random position of its own; null for the whole image."""
    hidden_optimizer: Optimizer = Optimizer(learning_rate=1e-3, weight_decay=0.0)
    """Optimizer of the hidden layer."""
    readout_optimizer: Optimizer = Optimizer(learning_rate=1e-3, weight_decay=0.0)

    def optimizers(self) -> dict[str, Optimizer]:
        return {"hidden": self.hidden_optimizer, **super().optimizers()}

    def num_weights(self, num_inputs: int, num_classes: int) -> int:
        return self.hidden * (num_inputs + num_classes)


def build(settings: Settings, inputs: Inputs, num_classes: int, generator: torch.Generator) -> Backpropagated:
    """Weights are initialized as in `torch.nn.Linear`. Outputs are max(F, 0), so sampled and expected outputs are the same."""
    hidden = InfomorphicLayer(settings.hidden, {"F": from_image(inputs, settings.patch)}, Feedforward(), generator=generator)
    readout = InfomorphicLayer(num_classes, {"F": AllToAll(settings.hidden)}, Feedforward(), generator=generator)
    network = InfomorphicNetwork(
        {"hidden": hidden, "readout": readout},
        {"hidden": Wiring({"F": "input"}, output="rectify"), "readout": Wiring({"F": "hidden"})},
        presentations=1,
    )
    return Backpropagated(network, num_classes, loss_of="currents")
