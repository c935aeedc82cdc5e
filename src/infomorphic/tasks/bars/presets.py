"""The published layer that learns bars, by name."""

from infomorphic.tasks.bars.preset import Settings, build
from infomorphic.tasks.bars.task import Task
from infomorphic.training.task import Preset

PRESETS = (Preset("bars", "a layer that learns bars without labels", Task, Settings, build),)
