"""The benchmark: stochastic ±1 hidden neurons and a linear readout, trained by backpropagation of the cross entropy.

Source: arXiv:2412.02482, Table 1.
"""

from typing import Annotated

import torch
from pydantic import Field

from infomorphic.layers import AllToAll, Feedforward, InfomorphicLayer
from infomorphic.networks.backprop import Backpropagated, LossOf
from infomorphic.networks.network import InfomorphicNetwork, Wiring
from infomorphic.networks.settings import ClassifierSettings, Optimizer


class Settings(ClassifierSettings):
    """Settings of the benchmark."""

    hidden: Annotated[int, Field(ge=1)] = 100
    hidden_optimizer: Optimizer = Optimizer(learning_rate=1e-3, weight_decay=0.0)
    readout_optimizer: Optimizer = Optimizer(learning_rate=1e-3, weight_decay=0.0)
    loss_of: LossOf = "outputs"
    """Of what of the readout neurons the cross entropy is: their outputs σ(F), as (it seems) published, or their currents F, as is usual."""

    def optimizers(self) -> dict[str, Optimizer]:
        return {"hidden": self.hidden_optimizer, **super().optimizers()}


def build(settings: Settings, num_inputs: int, num_classes: int, generator: torch.Generator) -> Backpropagated:
    """Image to hidden neurons to classes."""
    network = InfomorphicNetwork(
        {
            "hidden": InfomorphicLayer(settings.hidden, {"F": AllToAll(num_inputs)}, Feedforward(), generator=generator),
            "readout": InfomorphicLayer(num_classes, {"F": AllToAll(settings.hidden)}, Feedforward(), generator=generator),
        },
        {"hidden": Wiring({"F": "input"}), "readout": Wiring({"F": "hidden"})},
        presentations=1,
    )
    return Backpropagated(network, num_classes, loss_of=settings.loss_of)
