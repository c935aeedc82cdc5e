"""The readout alone: ten bivariate neurons that receive the image and their own label bit.

Source: arXiv:2306.02149; goal as in arXiv:2412.02482, Table 1.
"""

from typing import ClassVar

import torch

from infomorphic.layers import Inputs
from infomorphic.networks.network import Classifier, InfomorphicNetwork
from infomorphic.networks.readout import readout_layer, readout_wiring
from infomorphic.networks.settings import Bins, ClassifierSettings, Measure, goal_of


class Settings(ClassifierSettings):
    """Settings of a network without a hidden layer."""

    goal_sources: ClassVar[str] = "FC"
    publication: ClassVar[str] = "arXiv:2412.02482"

    goal: goal_of("FC") = "readout/heuristic"
    """Goal of the readout neurons; F is the image, C the label of the neuron."""
    measure: Measure = "sx"
    """Measure of redundancy that defines the atoms of the goal; all except sx, shared exclusions, train slowly."""
    readout_bins: Bins = 20
    """Number of bins for each source, over ± the largest magnitude of the currents."""


def build(settings: Settings, inputs: Inputs, num_classes: int, generator: torch.Generator) -> Classifier:
    """F: the image; C: the neuron's own label bit."""
    readout = readout_layer(inputs, num_classes, generator)
    wiring = readout_wiring(settings.goal, "input", settings.readout_bins, settings.measure)
    return Classifier(InfomorphicNetwork({"readout": readout}, {"readout": wiring}, presentations=1), num_classes)
