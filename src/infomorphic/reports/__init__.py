"""Reports of runs: what each neuron learned, and what it is useful for.

The analysis (`Trained`, `analyse_neurons`, `overview`, `estimator_health`, `compare_removal`) returns plain records and can be used without
a page; `write_report` and `write_comparison` make the pages.
"""

from infomorphic.reports.coding import ClassCoding, class_coding
from infomorphic.reports.health import EstimatorHealth, estimator_health
from infomorphic.reports.layer import LayerOverview, overview
from infomorphic.reports.neurons import Neurons, analyse_neurons
from infomorphic.reports.page import write_comparison, write_report
from infomorphic.reports.redundancy import Redundancy, redundancy
from infomorphic.reports.removal import GroupRemoval, Loss, accuracy, compare_removal, single_losses, without
from infomorphic.reports.trained import Trained

__all__ = [
    "ClassCoding",
    "EstimatorHealth",
    "GroupRemoval",
    "LayerOverview",
    "Loss",
    "Neurons",
    "Redundancy",
    "Trained",
    "accuracy",
    "analyse_neurons",
    "class_coding",
    "compare_removal",
    "estimator_health",
    "overview",
    "redundancy",
    "single_losses",
    "without",
    "write_comparison",
    "write_report",
]
