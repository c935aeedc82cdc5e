"""Neurons: connections aggregate inputs to one current a source, an activation turns the currents into a firing probability."""

from infomorphic.layers.activations import Activation, Bivariate, Feedforward, KayPhillips, Modulated, Sum
from infomorphic.layers.connections import AllOthers, AllToAll, Bias, Connectivity, OneToOne, RandomOthers
from infomorphic.layers.layer import InfomorphicLayer, LayerOutput
from infomorphic.layers.sampling import sample_outputs

__all__ = [
    "Activation",
    "AllOthers",
    "AllToAll",
    "Bias",
    "Bivariate",
    "Connectivity",
    "Feedforward",
    "InfomorphicLayer",
    "KayPhillips",
    "LayerOutput",
    "Modulated",
    "OneToOne",
    "RandomOthers",
    "Sum",
    "sample_outputs",
]
