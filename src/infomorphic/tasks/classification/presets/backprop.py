"""The benchmark: the network of setup 1, stochastic hidden neurons and a readout, trained by backpropagation of the cross entropy.

Source: arXiv:2412.02482, A.3 ("the same connectivity as setup 1") and Table 1.
"""

from typing import Annotated, ClassVar, Literal

import torch

from infomorphic.layers import AllOthers, AllToAll, Binary, Feedforward, InfomorphicLayer, Inputs, Modulated
from infomorphic.layers.patches import from_image
from infomorphic.networks.about import NOT_STATED, About
from infomorphic.networks.backprop import Backpropagated, LossOf
from infomorphic.networks.network import InfomorphicNetwork, Wiring
from infomorphic.networks.settings import ClassifierSettings, Learning, Neurons, Optimizer, Patch, Presentations


class Settings(ClassifierSettings):
    """Settings of the benchmark."""

    publication: ClassVar[str] = "arXiv:2412.02482"
    learning: ClassVar[Learning] = "backprop"

    hidden: Neurons = 100
    """Number of hidden neurons."""
    patch: Patch = None
    """Height and width of the patch of the image that each hidden neuron receives, at a random position of its own; null for the whole image."""
    sources: Literal["FCL", "F"] = "FCL"
    """Sources of hidden neurons: image, label and all other hidden neurons, as in setup 1; or only the image, which is faster."""
    silence: Annotated[Literal[-1, 0], About(published=NOT_STATED)] = 0
    """Output of a silent hidden neuron: 0, which agrees with the published accuracies, or −1, as in infomorphic neurons."""
    presentations: Presentations = 2
    """How often a batch is presented; lateral input comes from the presentation before."""
    hidden_optimizer: Optimizer = Optimizer(learning_rate=1e-3, weight_decay=0.0)
    """Optimizer of the hidden layer."""
    readout_optimizer: Optimizer = Optimizer(learning_rate=1e-3, weight_decay=0.0)
    loss_of: Annotated[LossOf, About(published=NOT_STATED)] = "outputs"
    """Which readout quantity enters the cross entropy: outputs σ(F), which agree with the published accuracies, or currents F, as usual and better."""

    def optimizers(self) -> dict[str, Optimizer]:
        return {"hidden": self.hidden_optimizer, **super().optimizers()}

    def num_weights(self, num_inputs: int, num_classes: int) -> int:
        return self.hidden * (num_inputs + 2 * num_classes + (self.hidden if "L" in self.sources else 0))


def build(settings: Settings, inputs: Inputs, num_classes: int, generator: torch.Generator) -> Backpropagated:
    """F: the image; C: the label, withheld in evaluation; L: all other hidden neurons, one presentation ago."""
    connections = {"F": from_image(inputs, settings.patch), "C": AllToAll(num_classes), "L": AllOthers()}
    origins = {"F": "input", "C": "label", "L": "hidden"}
    sources = {s: connections[s] for s in settings.sources}
    hidden = InfomorphicLayer(settings.hidden, sources, Modulated(), alphabet=Binary(settings.silence), generator=generator)
    readout = InfomorphicLayer(num_classes, {"F": AllToAll(settings.hidden)}, Feedforward(), generator=generator)
    network = InfomorphicNetwork(
        {"hidden": hidden, "readout": readout},
        {"hidden": Wiring({s: origins[s] for s in settings.sources}), "readout": Wiring({"F": "hidden"})},
        settings.presentations,
    )
    return Backpropagated(network, num_classes, loss_of=settings.loss_of)
