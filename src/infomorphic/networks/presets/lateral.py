"""Bivariate hidden neurons with lateral input and no context.

Source: arXiv:2412.02482, Fig. 8.
"""

from typing import ClassVar

import torch

from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, Bivariate, InfomorphicLayer
from infomorphic.networks.network import Classifier, InfomorphicNetwork, Wiring
from infomorphic.networks.readout import readout_layer, readout_wiring
from infomorphic.networks.settings import HiddenLayer


class Settings(HiddenLayer):
    """Settings of a network whose hidden neurons see one another."""

    goal_sources: ClassVar[str] = "FL"

    goal: str = "lateral/optimized-2"


def build(settings: Settings, num_inputs: int, num_classes: int, generator: torch.Generator) -> Classifier:
    """F: the image; L: all other hidden neurons, one presentation ago."""
    sources = {"F": AllToAll(num_inputs, settings.hidden_bias), "L": AllOthers(settings.hidden_bias)}
    hidden = InfomorphicLayer(settings.hidden, sources, Bivariate(), generator=generator)
    goal = Goal.resolve(settings.goal, settings.goal_sources)
    network = InfomorphicNetwork(
        {"hidden": hidden, "readout": readout_layer(settings.hidden, num_classes, generator)},
        {
            "hidden": Wiring({"F": "input", "L": "hidden"}, goal, FixedRange(settings.bins, *settings.bin_range), settings.measure),
            "readout": readout_wiring(settings.readout_goal, "hidden", settings.readout_bins, settings.measure),
        },
        settings.presentations,
    )
    return Classifier(network, num_classes)
