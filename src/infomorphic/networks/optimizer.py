"""The optimizer of a network: Adam, with settings per layer."""

from collections.abc import Mapping
from inspect import unwrap

import torch
from torch import nn

from infomorphic.networks.settings import Optimizer


class Adam(torch.optim.Adam):
    """torch's Adam, without importing torch's compiler.

    torch decorates these methods so that its compiler skips them, and imports the compiler when one is first called. That takes as long as
    importing the rest of torch.
    """

    add_param_group = unwrap(torch.optim.Adam.add_param_group)
    zero_grad = unwrap(torch.optim.Adam.zero_grad)
    state_dict = unwrap(torch.optim.Adam.state_dict)
    load_state_dict = unwrap(torch.optim.Adam.load_state_dict)
    # One of torch's decorators of `step` also turns autograd off.
    step = torch.no_grad()(unwrap(torch.optim.Adam.step))


def adam(layers: Mapping[str, nn.Module] | nn.ModuleDict, optimizers: Mapping[str, Optimizer]) -> Adam:
    """Adam with settings per layer."""
    groups = []
    for name, settings in optimizers.items():
        parameters = [p for p in layers[name].parameters() if p.requires_grad]
        groups.append({"params": parameters, "lr": settings.learning_rate, "weight_decay": settings.weight_decay})
    return Adam(groups, fused=True)
