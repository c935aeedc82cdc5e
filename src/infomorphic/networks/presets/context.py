"""Bivariate hidden neurons with the label as context and no lateral input.

Source: arXiv:2412.02482, Fig. 8.
"""

from typing import ClassVar

import torch

from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import AllToAll, Bivariate, InfomorphicLayer
from infomorphic.networks.network import Classifier, InfomorphicNetwork, Wiring
from infomorphic.networks.readout import readout_layer, readout_wiring
from infomorphic.networks.settings import HiddenLayer, Presentations


class Settings(HiddenLayer):
    """Settings of a network whose hidden neurons see the label."""

    goal_sources: ClassVar[str] = "FC"

    goal: str = "context/optimized-2"
    presentations: Presentations = 1

    def lateral_connections_each(self) -> int:
        return 0


def build(settings: Settings, num_inputs: int, num_classes: int, generator: torch.Generator) -> Classifier:
    """F: the image; C: the label. Nothing is lateral, so one presentation is enough."""
    sources = {"F": AllToAll(num_inputs, settings.hidden_bias), "C": AllToAll(num_classes, settings.hidden_bias)}
    hidden = InfomorphicLayer(settings.hidden, sources, Bivariate(), generator=generator)
    goal = Goal.resolve(settings.goal, settings.goal_sources)
    network = InfomorphicNetwork(
        {"hidden": hidden, "readout": readout_layer(settings.hidden, num_classes, generator)},
        {
            "hidden": Wiring({"F": "input", "C": "label"}, goal, FixedRange(settings.bins, *settings.bin_range), settings.measure),
            "readout": readout_wiring(settings.readout_goal, "hidden", settings.readout_bins, settings.measure),
        },
        settings.presentations,
    )
    return Classifier(network, num_classes)
