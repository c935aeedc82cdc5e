"""Learning without labels: bivariate neurons that divide the bars of an image, or features of its patches, among themselves."""

from infomorphic.tasks.bars.coding import Coding, layer_information, match
from infomorphic.tasks.bars.evaluation import Evaluation, evaluate
from infomorphic.tasks.bars.images import BarImages, Bars, patches
from infomorphic.tasks.bars.network import Unsupervised, adam, build, firing_prob, fit, receptive_fields, train_epoch

__all__ = [
    "BarImages",
    "Bars",
    "Coding",
    "Evaluation",
    "Unsupervised",
    "adam",
    "build",
    "evaluate",
    "firing_prob",
    "fit",
    "layer_information",
    "match",
    "patches",
    "receptive_fields",
    "train_epoch",
]
