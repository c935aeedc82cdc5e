"""What networks can be trained for: each task is a folder with everything about it, behind the contract of `infomorphic.training.task`.

`task`            the `Task`: data, network, an epoch, what is measured after it, the result, and how a face shows it
`presets`         `PRESETS`, its networks by name
everything else   the science of the task, which can be used without training runs
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infomorphic.training.task import Preset


def preset_of_function(name: str, build: "Callable[..., Any]") -> "Preset":
    """The preset of a function that builds a network: a classifier, which most networks are. Another task needs a `Preset`."""
    from infomorphic.tasks.classification.own import preset_of

    return preset_of(name, build)
