"""Analyze what the neurons of a trained network learned and contribute, as plain records, without pages, plots or command line.

`Trained` holds a network with the held-out images that it is analyzed on; the other functions take it, or the responses of its neurons.
"""

from infomorphic.analysis.health import EstimatorHealth, estimator_health
from infomorphic.analysis.layer import LayerOverview, overview
from infomorphic.analysis.lesions import GroupLesion, Loss, Substitute, accuracy, compare_lesions, single_losses, without
from infomorphic.analysis.neurons import Neurons, analyze_neurons
from infomorphic.analysis.outgoing import outgoing_weights
from infomorphic.analysis.selectivity import ClassSelectivity, class_selectivity
from infomorphic.analysis.similarity import Similarity, pairwise_similarity
from infomorphic.analysis.trained import Trained

__all__ = [
    "ClassSelectivity",
    "EstimatorHealth",
    "GroupLesion",
    "LayerOverview",
    "Loss",
    "Neurons",
    "Similarity",
    "Substitute",
    "Trained",
    "accuracy",
    "analyze_neurons",
    "class_selectivity",
    "compare_lesions",
    "estimator_health",
    "outgoing_weights",
    "overview",
    "pairwise_similarity",
    "single_losses",
    "without",
]
