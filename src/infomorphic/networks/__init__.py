"""Networks of infomorphic layers, including the published networks."""

from infomorphic.networks.converted import LocalLinear, LocalModel, convert
from infomorphic.networks.evaluation import Evaluation, evaluate
from infomorphic.networks.network import Classifier, InfomorphicNetwork, Placed, Presented, Wiring
from infomorphic.networks.readout import readout_layer, readout_wiring

__all__ = [
    "Classifier",
    "Evaluation",
    "InfomorphicNetwork",
    "LocalLinear",
    "LocalModel",
    "Placed",
    "Presented",
    "Wiring",
    "convert",
    "evaluate",
    "readout_layer",
    "readout_wiring",
]
