"""Neurons: connections aggregate inputs to one current per source; activation and alphabet determine the distribution of the output."""

from infomorphic.layers.activations import Activation, Bivariate, Feedforward, KayPhillips, Modulated, Sum
from infomorphic.layers.alphabet import Alphabet, Binary, Ternary
from infomorphic.layers.connections import AllOthers, AllToAll, Bias, Connection, Connectivity, Inputs, OneToOne, RandomOthers
from infomorphic.layers.layer import InfomorphicLayer
from infomorphic.layers.patches import Patches
from infomorphic.layers.response import Presented, Response
from infomorphic.layers.sampling import sample_outputs

__all__ = [
    "Activation",
    "AllOthers",
    "AllToAll",
    "Alphabet",
    "Bias",
    "Binary",
    "Bivariate",
    "Connection",
    "Connectivity",
    "Feedforward",
    "InfomorphicLayer",
    "Inputs",
    "KayPhillips",
    "Modulated",
    "OneToOne",
    "Patches",
    "Presented",
    "RandomOthers",
    "Response",
    "Sum",
    "Ternary",
    "sample_outputs",
]
