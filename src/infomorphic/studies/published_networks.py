"""The networks of the publication by name: the defaults of studies, and what was published of each. Studies name presets nowhere else.

Source: arXiv:2412.02482.
"""

from infomorphic.training.preset import default_preset, preset

MODEL = default_preset().name
"""The network of studies of a single one."""
GOAL = default_preset().settings().goal.written  # pyright: ignore[reportAttributeAccessIssue]
"""The goal whose terms were ablated and changed: the default of this network."""

CURVES = {
    "setup-1": "trivariate-dense",
    "setup-2": "trivariate-sparse",
    "setup-3": "trivariate-feedback",
    "setup-1:trivariate/heuristic": "trivariate-heuristic",
    "context": "context-optimized",
    "context:context/heuristic": "context-heuristic",
    "lateral": "lateral-optimized",
    "lateral:lateral/heuristic": "lateral-heuristic",
    "random-projection": "random-projection",
    "backprop": "backpropagation",
    "readout": "readout-only",
}
"""The curve of each network in the table `error_by_size`."""

RACE = (MODEL, f"{MODEL}+backprop", "relu", "backprop")
"""Networks to race: by goals, the same network by backpropagation, ordinary ReLU neurons, and the published benchmark."""

CHANGE_WITH_SIZE = {"setup-1": "consistently increases with size", "setup-2": "does not increase beyond 100 neurons"}
"""What is said of the change of receptive fields in each network. Source: A.9."""

TRANSFER = {
    ("setup-1:trivariate/optimized-tpe-1", "mnist"): 0.949,
    ("setup-1:trivariate/optimized-tpe-1", "cifar10"): 0.411,
    ("setup-1:trivariate/optimized-cifar10", "cifar10"): 0.425,
    ("setup-1:trivariate/heuristic", "mnist"): 0.928,
    ("backprop", "cifar10"): 0.422,
}
"""Median test accuracy of 100 neurons, by network and data set. Source: caption of Fig. 5."""


def has_hidden_neurons(name: str) -> bool:
    """Whether a preset has a hidden layer whose size is the setting `hidden`."""
    return "hidden" in preset(name).settings.model_fields


def is_bivariate(name: str) -> bool:
    """Whether the hidden neurons of a preset pursue a goal of two sources."""
    return has_hidden_neurons(name) and len(preset(name).settings.goal_sources) == 2
