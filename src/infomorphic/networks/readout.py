"""The readout of all presets: one bivariate neuron per class."""

import torch

from infomorphic.estimation import LargestMagnitude
from infomorphic.goals import Goal
from infomorphic.layers import AllToAll, Bivariate, InfomorphicLayer, Inputs, OneToOne
from infomorphic.networks.network import Wiring


def readout_layer(inputs: Inputs, num_classes: int, generator: torch.Generator) -> InfomorphicLayer:
    """A readout layer. F: all inputs. C: the neuron's own label bit with fixed weight 1, which does not modulate (k1 = 1)."""
    return InfomorphicLayer(num_classes, {"F": AllToAll(inputs), "C": OneToOne(1.0)}, Bivariate(k1=1.0), generator=generator)


def readout_wiring(goal: str | Goal, feedforward: str, bins: int, measure: str = "sx") -> Wiring:
    """The wiring of the readout, with the layer below as F and the label bit as C. Bins cover ± the largest magnitude of the currents."""
    return Wiring({"F": feedforward, "C": "label"}, Goal.resolve(goal, sources="FC"), LargestMagnitude(bins), measure)
