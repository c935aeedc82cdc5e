"""Setup 1: trivariate hidden neurons with dense lateral connections; the label is their context.

Source: arXiv:2412.02482, A.3.
"""

from typing import ClassVar

import torch

from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, Connectivity, InfomorphicLayer, Modulated
from infomorphic.networks.network import Classifier, InfomorphicNetwork, Wiring
from infomorphic.networks.readout import readout_layer, readout_wiring
from infomorphic.networks.settings import HiddenLayer


class Settings(HiddenLayer):
    """Settings of a network with trivariate hidden neurons."""

    goal_sources: ClassVar[str] = "FCL"

    goal: str = "trivariate/optimized-tpe-1"


def build(
    settings: Settings,
    num_inputs: int,
    num_classes: int,
    generator: torch.Generator,
    lateral: Connectivity | None = None,
    context: str = "label",
) -> Classifier:
    """F: the image; C: the label; L: all other hidden neurons, one presentation ago."""
    bias = settings.hidden_bias
    sources = {"F": AllToAll(num_inputs, bias), "C": AllToAll(num_classes, bias), "L": lateral or AllOthers(bias)}
    hidden = InfomorphicLayer(settings.hidden, sources, Modulated(), generator=generator)
    wiring = Wiring(
        {"F": "input", "C": context, "L": "hidden"},
        Goal.resolve(settings.goal, settings.goal_sources),
        FixedRange(settings.bins, *settings.bin_range),
        settings.measure,
    )
    network = InfomorphicNetwork(
        {"hidden": hidden, "readout": readout_layer(settings.hidden, num_classes, generator)},
        {"hidden": wiring, "readout": readout_wiring(settings.readout_goal, "hidden", settings.readout_bins, settings.measure)},
        settings.presentations,
    )
    return Classifier(network, num_classes)
