"""The state of an optimiser as tensors by name: what a checkpoint holds."""

from collections.abc import Mapping

import torch
from torch import Tensor


def state_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimiser's state by parameter and name."""
    return {
        f"{index}.{name}": value.contiguous() for index, state in optimizer.state_dict()["state"].items() for name, value in state.items()
    }


def load_state_tensors(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put back what `state_tensors` gave."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, _, name = key.partition(".")
        state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
