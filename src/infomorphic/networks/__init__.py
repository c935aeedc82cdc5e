"""Networks of infomorphic layers, including the published networks."""

from infomorphic.networks.network import Classifier, InfomorphicNetwork, Placed, Presented, Wiring
from infomorphic.networks.readout import readout_layer, readout_wiring

__all__ = ["Classifier", "InfomorphicNetwork", "Placed", "Presented", "Wiring", "readout_layer", "readout_wiring"]
