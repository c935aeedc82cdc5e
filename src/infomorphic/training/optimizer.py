"""The state of an optimizer as named tensors, as stored in a checkpoint."""

from collections.abc import Mapping

import torch
from torch import Tensor

_ADAM = {"step", "exp_avg", "exp_avg_sq"}
"""The state that Adam, the optimizer of every network, keeps per parameter after its first step."""


def state_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimizer's state by parameter and name."""
    return {
        f"{index}.{name}": value.contiguous() for index, state in optimizer.state_dict()["state"].items() for name, value in state.items()
    }


def load_state_tensors(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor], *, trained: bool) -> None:
    """Restore what `state_tensors` returned.

    Args:
        optimizer: Adam with the parameters that the state belongs to.
        tensors: the state.
        trained: whether a step was taken. Every parameter then has a state; without it, Adam would restart and give other values.

    Raises:
        ValueError: if the state is not that of these parameters.
    """
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    wanted = {f"{index}.{name}" for index in range(len(parameters)) for name in _ADAM} if trained else set()
    if differing := sorted(wanted ^ tensors.keys()):
        raise ValueError(
            f"the state of the optimizer is not that of its parameters ({differing[0]} is {'missing' if differing[0] in wanted else 'unknown'})"
        )
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, _, name = key.partition(".")
        shape = () if name == "step" else tuple(parameters[int(index)].shape)
        if tuple(value.shape) != shape:
            raise ValueError(f"the state of the optimizer has another shape than its parameter ({key}: {tuple(value.shape)}, not {shape})")
        state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
