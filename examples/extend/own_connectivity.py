"""A connectivity of your own: each hidden neuron sees one patch of a square image.

infomorphic train examples/extend/own_connectivity.py:build --dataset digits --epochs 20 --run runs/own-connectivity
infomorphic report runs/own-connectivity
"""

from dataclasses import dataclass

import torch
from torch import nn

from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, Connection, Connectivity, InfomorphicLayer, Modulated
from infomorphic.networks import InfomorphicNetwork, Wiring, readout_layer, readout_wiring


@dataclass(frozen=True)
class Patches(Connectivity):
    """Neuron j receives the pixels of one of the four quarters of a gray image (height, width)."""

    shape: tuple[int, int]

    def build(self, num_neurons, generator=None):
        return PatchConnection(self.shape, num_neurons, generator)


class PatchConnection(Connection):
    """current = (mask · weight) x + bias."""

    def __init__(self, shape, num_neurons, generator):
        """Parameters are trained; register constants as buffers."""
        super().__init__()
        self.input_shape = shape  # in which reports draw the weights
        height, width = shape[0] // 2, shape[1] // 2
        mask = torch.zeros(num_neurons, *shape)
        for neuron in range(num_neurons):
            top, left = neuron // 2 % 2 * height, neuron % 2 * width
            mask[neuron, top : top + height, left : left + width] = 1
        self.register_buffer("mask", mask.flatten(1))
        self.weight = nn.Parameter((torch.rand(self.mask.shape, generator=generator) * 2 - 1) / width)
        self.bias = nn.Parameter(torch.zeros(num_neurons))

    def forward(self, inputs):
        return nn.functional.linear(inputs, self.dense_weight(), self.bias)

    def dense_weight(self):
        """(neurons, inputs): what reports draw and export multiplies by."""
        return self.weight * self.mask


def build(input_shape, num_classes, generator):
    """A hidden layer of 20 neurons that see patches, and the readout of all published networks."""
    sources = {"F": Patches(input_shape), "C": AllToAll(num_classes), "L": AllOthers()}
    patches = InfomorphicLayer(20, sources, Modulated(), generator=generator)
    layers = {"patches": patches, "readout": readout_layer(20, num_classes, generator)}
    goal = Goal.parse("{F}{C} - {F}{L}", sources="FCL")
    of_patches = Wiring({"F": "input", "C": "label", "L": "patches"}, goal, FixedRange(20, -20.0, 20.0))
    wiring = {"patches": of_patches, "readout": readout_wiring("readout/heuristic", "patches", 20)}
    return InfomorphicNetwork(layers, wiring)
