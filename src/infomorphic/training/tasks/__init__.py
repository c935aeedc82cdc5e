"""What networks can be trained on. A module added here is a task under its own name; no list has to be kept."""

import importlib
from typing import Any

from infomorphic.networks.presets import preset
from infomorphic.training.task import Task


def task_of(preset_name: str) -> type[Task[Any]]:
    """The task that a preset is for."""
    task: type[Task[Any]] = importlib.import_module(f"{__name__}.{preset(preset_name).module.Settings.task}").Task
    return task
