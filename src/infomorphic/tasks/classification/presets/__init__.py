"""The published classifiers, by name."""

from infomorphic.tasks.classification.presets import backprop, random_projection, readout
from infomorphic.tasks.classification.presets.stacks import STACKS
from infomorphic.tasks.classification.task import Task
from infomorphic.training.task import Preset

PRESETS = (
    *STACKS,
    Preset("random-projection", "fixed random neurons", Task, random_projection.Settings, random_projection.build),
    Preset("readout", "no hidden layer", Task, readout.Settings, readout.build),
    Preset("backprop", "trained by backpropagation, the benchmark", Task, backprop.Settings, backprop.build),
)
