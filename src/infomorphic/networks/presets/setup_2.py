"""Setup 2: as setup 1, but each hidden neuron listens to at most 100 others.

Source: arXiv:2412.02482, A.3.
"""

import torch

from infomorphic.layers import RandomOthers
from infomorphic.networks.network import Classifier
from infomorphic.networks.presets import setup_1
from infomorphic.networks.settings import Neurons


class Settings(setup_1.Settings):
    """Settings of a network with sparse lateral connections."""

    lateral_connections: Neurons = 100

    def lateral_connections_each(self) -> int:
        return self.lateral_connections


def build(settings: Settings, num_inputs: int, num_classes: int, generator: torch.Generator) -> Classifier:
    """F: the image; C: the label; L: at most 100 other hidden neurons, one presentation ago."""
    return setup_1.build(
        settings, num_inputs, num_classes, generator, lateral=RandomOthers(settings.lateral_connections, settings.hidden_bias)
    )
