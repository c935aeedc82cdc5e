"""The published associative memory, by name."""

from infomorphic.tasks.memory.preset import Settings, build
from infomorphic.tasks.memory.task import Task
from infomorphic.training.task import Preset

PRESETS = (Preset("memory", "an associative memory", Task, Settings, build),)
