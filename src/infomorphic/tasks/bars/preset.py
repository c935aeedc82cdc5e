"""One layer of bivariate neurons that learn without labels, each from the input and from the others' previous outputs.

Source: arXiv:2306.02149.
"""

from typing import ClassVar

import torch

from infomorphic.estimation import LargestMagnitude
from infomorphic.layers import AllOthers, AllToAll, Bivariate, InfomorphicLayer, Inputs
from infomorphic.networks.network import InfomorphicNetwork, Wiring
from infomorphic.networks.settings import Bins, Measure, NetworkSettings, Neurons, Number, Optimizer, Presentations, goal_of

LAYER = "neurons"
"""The name of the only layer, and of its connection to itself."""
INPUT = "input"


class Settings(NetworkSettings):
    """Settings of a layer that learns without labels.

    Goal, activation and context are those of arXiv:2306.02149. Bins, learning rate and weight decay were chosen by us, on seeds that
    no reported result uses. `docs/explanation/unsupervised.md` explains why the weight decay makes it work.
    """

    goal_sources: ClassVar[str] = "FC"

    neurons: Neurons = 8
    goal: goal_of("FC") = "{F}"
    measure: Measure = "sx"
    bins: Bins = 5
    k1: Number = 0.5
    k2: Number = 2.0
    presentations: Presentations = 2
    optimizer: Optimizer = Optimizer(learning_rate=0.01, weight_decay=0.15)

    def optimizers(self) -> dict[str, Optimizer]:
        return {LAYER: self.optimizer}

    def num_weights(self, num_inputs: int, num_classes: int) -> int:
        return self.neurons * (num_inputs + self.neurons)


def build(settings: Settings, inputs: Inputs, generator: torch.Generator | None = None) -> InfomorphicNetwork:
    """F: the input; C: the outputs of all other neurons in the presentation before, withheld in the first."""
    sources = {"F": AllToAll(inputs), "C": AllOthers()}
    layer = InfomorphicLayer(settings.neurons, sources, Bivariate(settings.k1, settings.k2), generator=generator)
    wiring = Wiring({"F": INPUT, "C": LAYER}, settings.goal, LargestMagnitude(settings.bins), settings.measure)
    return InfomorphicNetwork({LAYER: layer}, {LAYER: wiring}, settings.presentations)
