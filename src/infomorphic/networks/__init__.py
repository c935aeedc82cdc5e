"""Networks of infomorphic layers, and the published ones as presets."""

from infomorphic.networks.network import Classifier, InfomorphicNetwork, Presented, Wiring

__all__ = ["Classifier", "InfomorphicNetwork", "Presented", "Wiring"]
