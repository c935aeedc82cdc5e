"""Tasks that networks can be trained for: one folder per task, with everything about it behind the contract of `infomorphic.training.task`.

`task`            the `Task`: data, network, an epoch, the metrics after it, the result, and how it is displayed
`presets`         `PRESETS`, its networks by name
everything else   the science of the task, which can be used without training runs
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infomorphic.training.task import Preset


def preset_of_function(name: str, build: "Callable[..., Any]") -> "Preset":
    """Make a classification preset from a function that builds a network. Other tasks need a `Preset`."""
    from infomorphic.tasks.classification.own import preset_of

    return preset_of(name, build)
