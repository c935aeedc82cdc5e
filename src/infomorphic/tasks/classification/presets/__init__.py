"""The published classifiers and an ordinary network, by name."""

from infomorphic.tasks.classification.presets import backprop, random_projection, readout, relu
from infomorphic.tasks.classification.presets.stacks import STACKS
from infomorphic.tasks.classification.task import Task
from infomorphic.training.task import Preset

PRESETS = (
    *STACKS,
    Preset("random-projection", "fixed random neurons", Task, random_projection.Settings, random_projection.build),
    Preset("readout", "no hidden layer", Task, readout.Settings, readout.build),
    Preset("backprop", "trained by backpropagation, the benchmark", Task, backprop.Settings, backprop.build),
    Preset("relu", "ordinary ReLU neurons, trained by backpropagation", Task, relu.Settings, relu.build),
)
