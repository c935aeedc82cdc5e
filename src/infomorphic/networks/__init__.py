"""Networks of infomorphic layers, including the published networks."""

from infomorphic.networks.network import Classifier, InfomorphicNetwork, Presented, Wiring

__all__ = ["Classifier", "InfomorphicNetwork", "Presented", "Wiring"]
