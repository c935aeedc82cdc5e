"""Setup 3: as setup 2, but the context of hidden neurons is the readout's output instead of the label.

Source: arXiv:2412.02482, A.3.
"""

import torch

from infomorphic.layers import RandomOthers
from infomorphic.networks.network import Classifier
from infomorphic.networks.presets import setup_1, setup_2


class Settings(setup_2.Settings):
    """Settings of a network with feedback as context."""


def build(settings: Settings, num_inputs: int, num_classes: int, generator: torch.Generator) -> Classifier:
    """F: the image; C: the readout's sampled output and L: other hidden neurons, both one presentation ago."""
    lateral = RandomOthers(settings.lateral_connections, settings.hidden_bias)
    return setup_1.build(settings, num_inputs, num_classes, generator, lateral=lateral, context="readout")
