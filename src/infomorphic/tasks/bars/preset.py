"""One layer of bivariate neurons that learn without labels, each from the input and from the others' previous outputs.

Source: arXiv:2306.02149.
"""

from typing import Annotated, ClassVar, Final

import torch

from infomorphic.estimation import LargestMagnitude
from infomorphic.layers import AllOthers, AllToAll, Bivariate, InfomorphicLayer, Inputs
from infomorphic.networks.about import DEFAULT, About
from infomorphic.networks.network import InfomorphicNetwork, Wiring
from infomorphic.networks.settings import Bins, Measure, NetworkSettings, Neurons, Number, Optimizer, Presentations, goal_of

LAYER = "neurons"
"""The name of the only layer, and of its connection to itself."""
INPUT = "input"

_OURS: Final = About(published="not known; chosen by us")
_THEIRS: Final = About(published=DEFAULT)


class Settings(NetworkSettings):
    """Settings of a layer that learns without labels.

    Goal, activation and context are those of arXiv:2306.02149. Bins, learning rate and weight decay were chosen by us, on seeds that
    no reported result uses. `docs/explanation/unsupervised.md` explains why the weight decay makes it work.
    """

    goal_sources: ClassVar[str] = "FC"

    neurons: Annotated[Neurons, _THEIRS] = 8
    """Number of neurons."""
    goal: Annotated[goal_of("FC"), _THEIRS] = "{F}"
    """Goal of the neurons; F is the image, C the outputs of the other neurons."""
    measure: Measure = "sx"
    """Measure of redundancy that defines the atoms of the goal; all except sx, shared exclusions, train slowly."""
    bins: Annotated[Bins, _OURS] = 5
    """Number of bins for each source, over ± the largest magnitude of the currents."""
    k1: Annotated[Number, _THEIRS] = 0.5
    """Weight of F alone in the activation F·(k1 + (1 − k1)·σ(k2·F·C))."""
    k2: Annotated[Number, _THEIRS] = 2.0
    """How strongly C modulates F in the activation."""
    presentations: Presentations = 2
    """How often a batch is presented; the context comes from the presentation before, and neurons learn in the last one."""
    optimizer: Annotated[Optimizer, _OURS] = Optimizer(learning_rate=0.01, weight_decay=0.15)
    """Optimizer of the neurons."""

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
