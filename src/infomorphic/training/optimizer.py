"""The optimiser, and its state as tensors by name: what a checkpoint holds."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from infomorphic.networks.settings import Optimizer


def adam(layers: Mapping[str, nn.Module] | nn.ModuleDict, optimizers: Mapping[str, Optimizer]) -> torch.optim.Optimizer:
    """Adam with the settings of each layer."""
    groups = []
    for name, settings in optimizers.items():
        parameters = [p for p in layers[name].parameters() if p.requires_grad]
        groups.append({"params": parameters, "lr": settings.learning_rate, "weight_decay": settings.weight_decay})
    return torch.optim.Adam(groups, fused=True)


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
