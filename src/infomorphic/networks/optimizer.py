"""The optimizer of a network: Adam, with settings per layer."""

from collections.abc import Mapping

import torch
from torch import nn

from infomorphic.networks.settings import Optimizer


def adam(layers: Mapping[str, nn.Module] | nn.ModuleDict, optimizers: Mapping[str, Optimizer]) -> torch.optim.Optimizer:
    """Adam with settings per layer."""
    groups = []
    for name, settings in optimizers.items():
        parameters = [p for p in layers[name].parameters() if p.requires_grad]
        groups.append({"params": parameters, "lr": settings.learning_rate, "weight_decay": settings.weight_decay})
    return torch.optim.Adam(groups, fused=True)
